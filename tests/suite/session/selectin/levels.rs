//! A relationship that leads to its own struct, level by level.

use super::*;

/// A tree of so many levels, of two children each: `n`, `n1`, `n2`, `n11`, …
async fn grow(db: &Database, levels: usize) {
    models::create(&db.engine).await;
    let mut session = Session::new(&db.engine);
    let mut level = vec![session.add(Node { name: "n".into(), ..default() })];
    for _ in 0..levels {
        let mut next = Vec::new();
        for node in level {
            for number in 1..=2 {
                let name = format!("{}{number}", session[node].name);
                next.push(session.append(node, Node::children, Node { name, ..default() }));
            }
        }
        level = next;
        session.flush().await.unwrap();
    }
    session.commit().await.unwrap();
}

/// The names of all that is loaded below a node, those of which nothing is loaded with a question mark.
fn below(session: &Session, node: Handle<Node>, names: &mut Vec<String>) {
    let Ok(children) = session.view(node).get(Node::children) else {
        return names.last_mut().unwrap().push('?');
    };
    for child in children {
        names.push(child.name.clone());
        below(session, child.handle(), names);
    }
}

#[tokio::test]
async fn one_select_for_each_level() {
    on_each(async |db| {
        grow(db, 3).await;
        let roots = || select(Node).filter(Node::parent_id.is_null());
        for (levels, statements, expected) in [
            (0, 1, "n?"),
            (1, 2, "n n1? n2?"),
            (2, 3, "n n1 n11? n12? n2 n21? n22?"),
            (3, 4, "n n1 n11 n111? n112? n12 n121? n122? n2 n21 n211? n212? n22 n221? n222?"),
            (u32::MAX, 5, "n n1 n11 n111 n112 n12 n121 n122 n2 n21 n211 n212 n22 n221 n222"),
        ] {
            for option in [selectin(Node::children), subquery(Node::children)] {
                let mut session = Session::new(&db.engine);
                let sent = Statements::record();
                let root = session.one(roots().options(option.recursive(levels))).await.unwrap();
                assert_eq!(sent.taken("SELECT").len(), statements);
                let mut names = vec!["n".to_owned()];
                below(&session, root, &mut names);
                assert_eq!(names.join(" "), expected);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_circle_ends() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let [a, b, c] = ["a", "b", "c"].map(|name| session.add(Employee { name: name.into(), ..default() }));
        session.flush().await.unwrap();
        session.append(a, Employee::reports, b);
        session.append(b, Employee::reports, c);
        session.append(c, Employee::reports, a);
        session.commit().await.unwrap();
        let query = || select(Employee).filter(Employee::name.eq("a"));

        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let a = session.one(query().options(selectin(Employee::reports).recursive(u32::MAX))).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 4);
        let mut names = Vec::new();
        let mut at = session.view(a);
        for _ in 0..4 {
            names.push(at.name.clone());
            at = at.get(Employee::reports).unwrap().next().unwrap();
        }
        assert_eq!(names, ["a", "b", "c", "a"]);

        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let a = session.one(query().options(selectin(Employee::manager).recursive(u32::MAX))).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 3, "the last one is here already");
        let mut names = Vec::new();
        let mut at = session.view(a);
        for _ in 0..4 {
            names.push(at.name.clone());
            at = at.get(Employee::manager).unwrap().unwrap();
        }
        assert_eq!(names, ["a", "c", "b", "a"]);
    })
    .await;
}

#[tokio::test]
async fn what_lies_behind_is_loaded_of_all_levels_at_once() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let mut manager = None;
        for name in ["a", "b", "c"] {
            let employee = session.add(Employee { name: name.into(), ..default() });
            if let Some(manager) = manager {
                session.append(manager, Employee::reports, employee);
            }
            session.append(employee, Employee::reports, Employee { name: format!("{name}2"), ..default() });
            manager = Some(employee);
        }
        session.commit().await.unwrap();
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let option = selectin(Employee::reports)
            .filter(Employee::name.not_like("%2"))
            .recursive(2)
            .then(selectin(Employee::manager));
        let a = session.one(select(Employee).filter(Employee::name.eq("a")).options(option)).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 3, "managers are here");
        let reports = |employee: orm::View<'_, Employee>| {
            employee.get(Employee::reports).unwrap().map(|e| e.handle()).collect::<Vec<_>>()
        };
        let b = reports(session.view(a));
        let c = reports(session.view(b[0]));
        assert_eq!((b.len(), c.len()), (1, 1));
        assert_eq!(session.view(c[0]).get(Employee::manager).unwrap().unwrap().name, "b");
    })
    .await;
}
