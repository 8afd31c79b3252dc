//! What stands beside the refusals: the form of each that does compile.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn rows(session: &mut Session) -> orm::Result<()> {
    let _: Vec<(String, Option<String>)> =
        session.all(select((User::name, Address::email)).outer_join(User::addresses)).await?;
    let _: Vec<(Handle<User>, Option<Handle<Address>>)> =
        session.all(select((User, Address)).outer_join(User::addresses)).await?;
    let _: Vec<(Option<String>, Option<i64>)> =
        session.all(select((User::name, Address::id + 1)).full_join(User::addresses)).await?;
    let _: Vec<(String, i64)> = session
        .all(select((User::name, count(Address::id))).outer_join(User::addresses).group_by(User::name))
        .await?;
    let _: Option<i64> = session.one(select(sum(User::id))).await?;
    let _: Vec<i64> = session.all(delete(User).filter(User::id.eq(5)).returning(User::id)).await?;
    let _: Vec<(i64, String)> =
        session.all(text("SELECT id, name FROM user_account").columns::<(i64, String)>()).await?;
    Ok(())
}

async fn owned_rows(engine: &Engine) -> orm::Result<()> {
    let _: Vec<User> = engine.all(select(User)).await?;
    let _: Vec<(User, Option<Address>)> =
        engine.all(select((User, Address)).outer_join(User::addresses)).await?;
    Ok(())
}

fn main() {
    let addresses = || select(Address).correlate(User).filter(Address::user_id.eq(User::id));
    let _ = select(User).filter(exists(addresses()));
    let _ = select((User, Address)).join(User::addresses).filter(exists(addresses()));
    let _ = select(Employee)
        .join(Employee::manager.to(Manager))
        .filter(Employee::salary.gt(Employee::salary.of(Manager)));

    // Nullable and not, a value and an option of it: compared freely.
    let _ = select(User).filter(User::name.eq(User::fullname)).filter(User::fullname.eq("Sandy Cheeks"));
    let _ = select(User).filter(User::fullname.eq(None::<&str>).or(User::name.ne(Some("sandy"))));
    let _ = select(Contact).filter(Contact::email.eq(Email("sandy@example.org".into())));
    let _ = select(User).filter(User::id.in_(select(Address::user_id)).and(User::active));
    let _ = select(User).filter(User::id.eq(select(max(Address::user_id)).scalar()));

    // The type stays, so a query is built step by step.
    let mut query = select(User);
    for name in ["sandy", "patrick"] {
        query = query.filter(User::name.ne(name));
    }
    let _ = query.order_by((User::name, User::id.desc())).limit(10);

    let _ =
        insert(Employee).from_select((Employee::name, Employee::manager_id), select((User::name, User::id)));
    let _ = update(User).set(User::fullname, None::<String>).all_rows();
    let _ = update(User).set(User::fullname, User::name).filter(User::id.gt(5));
    let _ = (rows, owned_rows);
}
