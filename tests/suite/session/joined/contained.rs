//! `contains_eager`: relationships from the columns of joins that the query makes itself.

use orm::contains_eager;

use super::*;

alias!(Late = Post);
alias!(Note = Comment);
alias!(Boss = Employee);

#[tokio::test]
async fn a_collection_has_what_the_rows_have_of_it() {
    let query = || {
        select(Blog)
            .join(Blog::posts)
            .filter(Post::title.ne("p2"))
            .order_by(Blog::id.desc())
            .options(contains_eager(Blog::posts))
    };
    assert_eq!(
        sql(query()).await,
        ["SELECT blog.id, blog.title, post.id, post.title, post.blog_id FROM blog \
          JOIN post ON blog.id = post.blog_id WHERE post.title != ? ORDER BY blog.id DESC"]
    );
    on_each(async |db| {
        seed(&db.engine).await;
        assert_eq!(trees(db, query()).await, ["b2: p3 - -", "b1: p1 - -"]);

        // Each parent once, in the order of its first row, and the way back is known.
        let by_post =
            || select(Blog).join(Blog::posts).order_by(Post::id.desc()).options(contains_eager(Blog::posts));
        assert_eq!(trees(db, by_post()).await, ["b2: p3 - -", "b1: p2 - -, p1 - -"]);
        let mut session = Session::new(&db.engine);
        let blogs = session.all(query()).await.unwrap();
        let post = session.view(blogs[1]).get(Blog::posts).unwrap().next().unwrap().handle();
        assert_eq!(session.view(post).get(Post::blog).unwrap().handle(), blogs[1]);

        // It is a part: all of it is read when it is asked for.
        let sent = Statements::record();
        session.all(select(Blog).options(joined(Blog::posts))).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 1);
        assert_eq!(session.view(blogs[1]).get(Blog::posts).unwrap().len(), 2);
        session.all(query()).await.unwrap();
        assert_eq!(session.view(blogs[1]).get(Blog::posts).unwrap().len(), 1);

        // A limit counts rows.
        assert_eq!(trees(db, by_post().limit(2)).await, ["b2: p3 - -", "b1: p2 - -"]);
    })
    .await;
}

#[tokio::test]
async fn what_an_outer_join_left_out_is_not_there() {
    let query = || {
        select(Blog)
            .outer_join(Blog::posts)
            .outer_join(Post::tags)
            .order_by((Blog::id, Post::id, Tag::id))
            .options(
                contains_eager(Blog::posts).then(contains_eager(Post::tags)).then(selectin(Post::comments)),
            )
    };
    on_each(async |db| {
        seed(&db.engine).await;
        assert_eq!(trees(db, query()).await, ALL);
    })
    .await;
}

#[tokio::test]
async fn an_alias_is_read_where_the_join_is_to_one() {
    let query = || {
        select(Blog)
            .join(Blog::posts.to(Late))
            .outer_join(Post::comments.of(Late).to(Note))
            .order_by((Blog::id, Post::id.of(Late), Comment::id.of(Note).desc()))
            .options(
                contains_eager(Blog::posts.to(Late))
                    .then(contains_eager(Post::comments.of(Late).to(Note)))
                    .then(joined(Post::tags.of(Late)).inner()),
            )
    };
    assert_eq!(
        sql(query()).await,
        ["SELECT blog.id, blog.title, late.id, late.title, late.blog_id, note.id, note.body, note.post_id, \
          tag_1.id, tag_1.name FROM blog JOIN post AS late ON blog.id = late.blog_id \
          LEFT OUTER JOIN comment AS note ON late.id = note.post_id \
          JOIN post_tags AS post_tags_1 ON late.id = post_tags_1.post_id \
          JOIN tag AS tag_1 ON tag_1.id = post_tags_1.tag_id \
          ORDER BY blog.id, late.id, note.id DESC, tag_1.id"]
    );
    on_each(async |db| {
        seed(&db.engine).await;
        assert_eq!(trees(db, query()).await, ["b1: p1 [c2 c1] [t1 t2], p2 [] [t1]"]);
    })
    .await;
}

#[tokio::test]
async fn a_to_one_relationship_is_whole_where_it_leads_somewhere() {
    on_each(async |db| {
        seed(&db.engine).await;
        let boss =
            |name: &str, manager_id: Option<i64>| Employee { name: name.into(), manager_id, ..default() };
        for employee in [boss("e1", None), boss("e2", Some(1)), boss("e3", Some(1))] {
            db.engine.execute(insert(Employee).values(employee)).await.unwrap();
        }
        let mut session = Session::new(&db.engine);
        let query = select(Employee)
            .outer_join_on(Boss, Employee::manager_id.eq(Employee::id.of(Boss)) & Employee::name.ne("e3"))
            .order_by(Employee::id)
            .options(contains_eager(Employee::manager.to(Boss)));
        let employees = session.all(query).await.unwrap();
        let names = |session: &Session| -> Vec<String> {
            let manager =
                |e: orm::View<'_, Employee>| e.get(Employee::manager).unwrap().map(|m| m.name.clone());
            session.views(&employees).map(|e| manager(e).unwrap_or_default()).collect()
        };
        assert_eq!(names(&session), ["", "e1", ""]);
        let sent = Statements::record();
        session.load(employees[1], Employee::manager).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 0, "it is known");
        session.all(select(Employee).options(joined(Employee::manager))).await.unwrap();
        assert_eq!(names(&session), ["", "e1", "e1"]);
    })
    .await;
}

#[tokio::test]
async fn rows_of_several_things_stay_as_they_are() {
    on_each(async |db| {
        seed(&db.engine).await;
        let query = || {
            select((Blog, Post::title, Post))
                .join(Blog::posts)
                .order_by(Post::id)
                .options(contains_eager(Blog::posts))
        };
        let sent = Statements::record();
        let mut session = Session::new(&db.engine);
        let rows = session.all(query()).await.unwrap();
        let statement = sent.taken("SELECT").concat();
        assert_eq!(
            statement.matches("post.blog_id").count(),
            2,
            "its columns are not read twice: {statement}"
        );
        assert_eq!(rows.iter().map(|row| row.1.as_str()).collect::<Vec<_>>(), ["p1", "p2", "p3"]);
        let posts = session.view(rows[0].0).get(Blog::posts).unwrap();
        assert_eq!(posts.map(|post| post.handle()).collect::<Vec<_>>(), [rows[0].2, rows[1].2]);
    })
    .await;
}

#[tokio::test]
async fn a_limit_beside_a_joined_collection_leaves_that_to_selectin() {
    on_each(async |db| {
        seed(&db.engine).await;
        let query = || {
            select(Post).join(Post::comments).order_by(Comment::id).limit(2).options((
                contains_eager(Post::comments),
                joined(Post::tags),
                joined(Post::blog),
            ))
        };
        let sent = Statements::record();
        let posts = db.engine.all(query()).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 2);
        assert_eq!(super::posts(Some(&posts)), "p1 [c1 c2] [t1 t2]");
        assert_eq!(posts[0].blog.loaded().unwrap().title, "b1");
    })
    .await;
}

#[tokio::test]
async fn a_join_that_is_the_parents_own_source_is_refused() {
    let engine = Engine::new("sqlite::memory:").unwrap();
    seed(&engine).await;
    let error = engine.all(select(Node).options(contains_eager(Node::children))).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`contains_eager(Node::children)` reads its targets from `node`, which is where their parents come from; \
         join an alias, and say `.to(alias)`"
    );
}
