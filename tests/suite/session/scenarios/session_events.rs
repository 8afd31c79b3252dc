//! The order and the power of a session's events.

use std::sync::{Arc, Mutex};

use orm::SessionEvents;
use orm::prelude::*;
use serde_json::json;

use super::models::*;
use super::{Run, scenario, told};

/// What was heard, in order.
#[derive(Debug, Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl Heard {
    fn note(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    /// Notes each event of a session.
    fn events(&self) -> SessionEvents {
        macro_rules! note {
            ($events:expr, $($name:ident),*) => {
                $events$(.$name({
                    let heard = self.clone();
                    move |_| {
                        heard.note(stringify!($name));
                        Box::pin(async { Ok(()) })
                    }
                }))*
            };
        }
        let moments = note!(
            SessionEvents::new(),
            before_flush,
            after_flush,
            after_flush_postexec,
            after_begin,
            before_commit
        );
        let (commit, rollback) = (self.clone(), self.clone());
        moments
            .after_commit(move |_| commit.note("after_commit"))
            .after_rollback(move |_| rollback.note("after_rollback"))
    }
}

/// A session with these listeners.
fn heard_by(r: &Run<'_>, events: SessionEvents) -> Session {
    let mut session = r.session();
    session.set_events(events);
    session
}

#[tokio::test]
async fn session_events_of_a_commit() {
    scenario("session_events_of_a_commit")
        .run(async |r| {
            let heard = Heard::default();
            let mut s = heard_by(r, heard.events());
            s.add(tag(1, "t"));
            s.commit().await?;
            Ok(json!(heard.take()))
        })
        .await;
}

#[tokio::test]
async fn session_events_of_a_rollback() {
    scenario("session_events_of_a_rollback")
        .run(async |r| {
            let heard = Heard::default();
            let mut s = heard_by(r, heard.events());
            s.add(tag(1, "t"));
            s.flush().await?;
            s.rollback().await?;
            let mut heard = heard.take();
            // The program does not listen to this one.
            heard.retain(|event| event != "after_flush_postexec");
            Ok(json!(heard))
        })
        .await;
}

#[tokio::test]
async fn session_events_of_objects() {
    scenario("session_events_of_objects")
        .sends(
            "link rows go by the key of their end, without being read",
            &[
                "BEGIN",
                "SELECT tag",
                "UPDATE tag (name)",
                "SELECT tag",
                "INSERT tag (id, name)",
                "DELETE post_tags",
                "DELETE tag",
                "COMMIT",
            ],
        )
        .run(async |r| {
            r.seed([tag(1, "a"), tag(2, "b")]).await;
            let heard = Heard::default();
            macro_rules! note {
                ($events:expr, $($name:ident($($how:tt)*)),*) => {
                    $events$(.$name({
                        let heard = heard.clone();
                        move |tag: $($how)* Tag| heard.note(format!("{} {}", stringify!($name), tag.id))
                    }))*
                };
            }
            let events = note!(
                SessionEvents::new(),
                before_insert(&mut),
                after_insert(&),
                before_update(&mut),
                after_update(&),
                before_delete(&mut),
                after_delete(&)
            );
            let mut s = heard_by(r, events);
            let a = s.get_one(Tag, 1).await?;
            s[a].name = "changed".into();
            let b = s.get_one(Tag, 2).await?;
            s.delete(b);
            s.add(tag(3, "c"));
            s.commit().await?;
            Ok(json!(heard.take()))
        })
        .await;
}

#[tokio::test]
async fn session_events_before_flush_adds() {
    scenario("session_events_before_flush_adds")
        .sends(
            "tables that do not depend on each other go in the order of `add`",
            &["BEGIN", "INSERT tag (id, name)", "INSERT item (id, name)", "COMMIT"],
        )
        .run(async |r| {
            let events = SessionEvents::new().before_flush(|session| {
                Box::pin(async move {
                    for tag in session.pending().of::<Tag>() {
                        let name = format!("audit of {}", session[tag].name);
                        session.add(item(9, &name));
                    }
                    Ok(())
                })
            });
            let mut s = heard_by(r, events);
            s.add(tag(1, "t"));
            s.commit().await?;
            Ok(r.rows(["tag", "item"]).await)
        })
        .await;
}

#[tokio::test]
async fn session_events_before_insert_changes_the_row() {
    scenario("session_events_before_insert_changes_the_row")
        .run(async |r| {
            let events =
                SessionEvents::new().before_insert(|tag: &mut Tag| tag.name = tag.name.to_uppercase());
            let mut s = heard_by(r, events);
            s.add(tag(1, "t"));
            s.commit().await?;
            Ok(r.rows(["tag"]).await)
        })
        .await;
}

#[tokio::test]
async fn session_events_error_aborts_the_flush() {
    scenario("session_events_error_aborts_the_flush")
        .comes_to("a listener's error is one of ours", json!(["Misuse", { "tag": [] }]))
        .run(async |r| {
            let events = SessionEvents::new().before_flush(|_| {
                Box::pin(async { Err(orm::SessionError::Misuse("refused".into()).into()) })
            });
            let mut s = heard_by(r, events);
            s.add(tag(1, "t"));
            let first = told(s.flush().await);
            s.rollback().await?;
            Ok(json!([first, r.rows(["tag"]).await]))
        })
        .await;
}

#[tokio::test]
async fn session_events_execute_adds_criteria() {
    scenario("session_events_execute_adds_criteria")
        .run(async |r| {
            r.seed([tag(1, "a"), tag(2, "b")]).await;
            let events = SessionEvents::new().on_execute(|statement| {
                statement.with_criteria(Tag, Tag::name.eq("a"));
            });
            let mut s = heard_by(r, events);
            let names = s.all(select(Tag::name)).await?;
            s.rollback().await?;
            Ok(json!(names))
        })
        .await;
}
