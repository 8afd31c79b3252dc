//! Families that the other tests do not need: rows in circles, and keys of several columns.

use orm::prelude::*;

// Two tables that reference each other: a team has players, and one of them leads it.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "team")]
pub(super) struct Team {
    #[column(primary_key)]
    pub(super) id: i64,
    pub(super) name: String,
    #[column(foreign_key = Player::id)]
    pub(super) captain_id: Option<i64>,
    #[relationship(foreign_key = Team::captain_id, back_populates = leads, post_update)]
    pub(super) captain: One<Option<Player>>,
    #[relationship(foreign_key = Player::team_id, back_populates = team, order_by = Player::id)]
    pub(super) players: Many<Player>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "player")]
pub(super) struct Player {
    #[column(primary_key)]
    pub(super) id: i64,
    pub(super) name: String,
    #[column(foreign_key = Team::id)]
    pub(super) team_id: Option<i64>,
    #[relationship(foreign_key = Player::team_id, back_populates = players)]
    pub(super) team: One<Option<Team>>,
    #[relationship(foreign_key = Team::captain_id, back_populates = captain)]
    pub(super) leads: One<Option<Team>>,
}

// One table whose rows may reference each other in a circle, or themselves.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "friend")]
pub(super) struct Friend {
    #[column(primary_key)]
    pub(super) id: i64,
    pub(super) name: String,
    #[column(foreign_key = Friend::id)]
    pub(super) best_id: Option<i64>,
    #[relationship(back_populates = admirers, post_update)]
    pub(super) best: One<Option<Friend>>,
    #[relationship(back_populates = best, order_by = Friend::id)]
    pub(super) admirers: Many<Friend>,
}

// A key of two columns, which is part of one of three.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "street")]
pub(super) struct Street {
    #[column(length = 20, primary_key)]
    pub(super) town: String,
    #[column(primary_key)]
    pub(super) number: i64,
    pub(super) name: String,
    #[relationship(back_populates = street, cascade = "all, delete-orphan", order_by = House::position)]
    pub(super) houses: Many<House>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(
    table = "house",
    foreign_key(
        columns(town, street_number),
        references(Street::town, Street::number),
        on_update = "cascade"
    )
)]
pub(super) struct House {
    #[column(length = 20, primary_key)]
    pub(super) town: String,
    #[column(primary_key)]
    pub(super) street_number: i64,
    #[column(primary_key)]
    pub(super) position: i64,
    pub(super) name: String,
    #[relationship(back_populates = houses)]
    pub(super) street: One<Street>,
}

/// Creates the tables of all of them.
pub(super) async fn create(engine: &Engine) {
    metadata![Team, Player, Friend, Street, House].create_all(engine).await.unwrap();
}
