//! `subquery`: the query itself stands in the further ones.

use super::*;

/// Each post that is loaded of the blogs, with its comments and its tags.
fn trees(session: &Session, blogs: &[Handle<Blog>]) -> Vec<String> {
    let mut lines = Vec::new();
    for blog in session.views(blogs) {
        for post in blog.get(Blog::posts).unwrap() {
            let comments: Vec<String> = post.get(Post::comments).unwrap().map(|c| c.body.clone()).collect();
            let tags: Vec<String> = post.get(Post::tags).unwrap().map(|t| t.name.clone()).collect();
            lines.push(format!("{} {}: {} {}", blog.title, post.title, comments.join(","), tags.join(",")));
        }
    }
    lines
}

#[tokio::test]
async fn the_query_and_the_joins_to_the_parents_stand_in_each() {
    on_each(async |db| {
        seed(db).await;
        let option = || {
            subquery(Blog::posts).then(subquery(Post::comments)).then(subquery(Post::tags).then(subquery(Tag::posts)))
        };
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let query = || select(Blog).filter(Blog::id.lt(4)).order_by(Blog::id);
        let blogs = session.all(query().options(option())).await.unwrap();
        let mut statements = sent.taken("SELECT");
        statements.sort();
        let blog = "(SELECT blog.id FROM blog WHERE blog.id < ?) AS anon_1";
        let post_1 = "JOIN post AS post_1 ON anon_1.id = post_1.blog_id";
        let expected = [
            format!(
                "SELECT anon_1.id, {POST} FROM {blog} LEFT OUTER JOIN post ON anon_1.id = post.blog_id ORDER BY \
                 post.id"
            ),
            "SELECT blog.id, blog.title FROM blog WHERE blog.id < ? ORDER BY blog.id".to_owned(),
            format!(
                "SELECT post_1.id, comment.id, comment.body, comment.post_id FROM {blog} {post_1} LEFT OUTER JOIN \
                 comment ON post_1.id = comment.post_id ORDER BY comment.id"
            ),
            format!(
                "SELECT post_1.id, tag.id, tag.name FROM {blog} {post_1} LEFT OUTER JOIN post_tags AS post_tags_2 ON \
                 post_1.id = post_tags_2.post_id LEFT OUTER JOIN tag ON tag.id = post_tags_2.tag_id ORDER BY tag.id"
            ),
            format!(
                "SELECT tag_2.id, {POST} FROM {blog} {post_1} JOIN post_tags AS post_tags_2 ON post_1.id = \
                 post_tags_2.post_id JOIN tag AS tag_2 ON tag_2.id = post_tags_2.tag_id LEFT OUTER JOIN post_tags AS \
                 post_tags_3 ON tag_2.id = post_tags_3.tag_id LEFT OUTER JOIN post ON post.id = post_tags_3.post_id"
            ),
        ];
        let quoted = |sql: &String| sql.replace('"', "");
        assert_eq!(statements.iter().map(quoted).collect::<Vec<_>>(), expected);
        let expected = ["b2 p21: c1 t1", "b3 p31: c1 t1", "b3 p32: c1,c2 t1,t2"];
        assert_eq!(trees(&session, &blogs), expected);
        let first = session.view(blogs[1]).get(Blog::posts).unwrap().next().unwrap();
        let mut of_tag: Vec<String> = first
            .get(Post::tags)
            .unwrap()
            .flat_map(|tag| tag.get(Tag::posts).unwrap())
            .map(|post| post.title.clone())
            .collect();
        of_tag.sort();
        assert_eq!(of_tag, ["p21", "p31", "p32", "p41", "p42", "p43"], "each of them once");

        // By keys behind a subquery, and the reverse.
        let mixed = [
            subquery(Blog::posts).then(selectin(Post::comments)).then(joined(Post::tags)),
            selectin(Blog::posts).then(subquery(Post::comments)).then(subquery(Post::tags)),
            joined(Blog::posts).then(subquery(Post::comments)).then(subquery(Post::tags)),
        ];
        for (option, count) in mixed.into_iter().zip([3, 4, 3]) {
            let mut session = Session::new(&db.engine);
            sent.take();
            let blogs = session.all(query().options(option)).await.unwrap();
            assert_eq!(trees(&session, &blogs), expected);
            assert_eq!(sent.taken("SELECT").len(), count);
        }
    })
    .await;
}

#[tokio::test]
async fn conditions_of_a_path_are_in_the_joins_behind_it() {
    on_each(async |db| {
        seed(db).await;
        let option = subquery(Blog::posts)
            .filter(Post::title.like("%2"))
            .order_by(Post::title.desc())
            .then(subquery(Post::tags).filter(Tag::name.ne("t1")))
            .then(subquery(Post::comments));
        let mut session = Session::new(&db.engine);
        let blogs = session.all(select(Blog).order_by(Blog::id).options(option)).await.unwrap();
        assert_eq!(trees(&session, &blogs), ["b3 p32: c1,c2 t2", "b4 p42: c1,c2 t2"]);
        // Behind the first of each parent it goes by keys.
        let option = subquery(Blog::posts).limit(1).then(subquery(Post::tags)).then(subquery(Post::comments));
        let mut session = Session::new(&db.engine);
        let blogs = session.all(select(Blog).order_by(Blog::id).options(option)).await.unwrap();
        assert_eq!(trees(&session, &blogs), ["b2 p21: c1 t1", "b3 p31: c1 t1", "b4 p41: c1 t1"]);
    })
    .await;
}

#[tokio::test]
async fn a_limit_stays_with_its_order() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let query = select(Blog).order_by(Blog::id.desc()).limit(2).options(subquery(Blog::posts));
        let blogs = session.all(query).await.unwrap();
        assert_eq!(posts(&session, &blogs), ["b4: p41 p42 p43", "b3: p31 p32"]);
        let further = sent.taken("SELECT").remove(1);
        assert_eq!(
            further,
            format!(
                "SELECT anon_1.id, {POST} FROM (SELECT blog.id FROM blog ORDER BY blog.id DESC LIMIT ?) AS anon_1 LEFT \
                 OUTER JOIN post ON anon_1.id = post.blog_id ORDER BY post.id"
            )
        );
        // To one: several parents have the same key.
        let mut session = Session::new(&db.engine);
        let query = select(Post).order_by(Post::id.desc()).limit(4).options(subquery(Post::blog));
        let found = session.all(query).await.unwrap();
        let titles: Vec<&str> =
            session.views(&found).map(|post| post.get(Post::blog).unwrap().value().title.as_str()).collect();
        assert_eq!(titles, ["b4", "b4", "b4", "b3"]);
    })
    .await;
}

#[tokio::test]
async fn each_parent_counts_once() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let query = || select(Blog).join(Blog::posts).order_by((Blog::id, Post::id));
        let blogs = session.all(query().options(subquery(Blog::posts))).await.unwrap();
        assert_eq!(
            sent.taken("SELECT")[1..],
            [format!(
                "SELECT anon_1.id, {POST} FROM (SELECT DISTINCT blog.id FROM blog JOIN post ON blog.id = post.blog_id) \
                 AS anon_1 LEFT OUTER JOIN post ON anon_1.id = post.blog_id ORDER BY post.id"
            )]
        );
        let expected = ["b2: p21", "b3: p31 p32", "b3: p31 p32", "b4: p41 p42 p43"];
        assert_eq!(posts(&session, &blogs)[..4], expected);
        let mut session = Session::new(&db.engine);
        let blogs = session.all(query().limit(3).options(subquery(Blog::posts))).await.unwrap();
        assert_eq!(posts(&session, &blogs), expected[..3]);

        let mut session = Session::new(&db.engine);
        let found = session.all(select(Post).order_by(Post::id).options(subquery(Post::blog))).await.unwrap();
        let sql = sent.taken("SELECT").pop().unwrap();
        assert_eq!(
            sql,
            "SELECT anon_1.blog_id, blog.id, blog.title FROM (SELECT DISTINCT post.blog_id FROM post) AS anon_1 LEFT \
             OUTER JOIN blog ON blog.id = anon_1.blog_id"
        );
        assert!(session.views(&found).all(|post| post.get(Post::blog).unwrap().id == post.blog_id));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_a_subquery_goes_by_keys() {
    on_each(async |db| {
        seed(db).await;
        let by_keys =
            format!("SELECT {POST} FROM post WHERE {} ORDER BY post.id", within(db, "post.blog_id", 4));
        let sent = Statements::record();
        let mut session = Session::new(&db.engine);
        let grouped = select(Blog).group_by((Blog::id, Blog::title)).order_by(Blog::id);
        let blogs = session.all(grouped.options(subquery(Blog::posts))).await.unwrap();
        assert_eq!(sent.taken("SELECT")[1..], [by_keys.as_str()]);
        assert_eq!(posts(&session, &blogs), ALL);

        let mut session = Session::new(&db.engine);
        let distinct = select(Blog).distinct().order_by(Blog::id).limit(9);
        let blogs = session.all(distinct.options(subquery(Blog::posts))).await.unwrap();
        assert_eq!(sent.taken("SELECT")[1..], [by_keys.as_str()]);
        assert_eq!(posts(&session, &blogs), ALL);

        let mut session = Session::new(&db.engine);
        let blog = session.get(Blog, 3).options(subquery(Blog::posts)).await.unwrap().unwrap();
        assert_eq!(posts(&session, &[blog]), ALL[2..3]);
    })
    .await;
}

#[tokio::test]
async fn what_the_session_holds_may_be_older_than_the_rows() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let before = session.one(select(Post).filter(Post::title.eq("p21"))).await.unwrap();
        session.commit().await.unwrap();
        db.engine.execute(update(Post).set(Post::blog_id, 4).filter(Post::title.eq("p21"))).await.unwrap();
        let sent = Statements::record();
        session.all(select(Post).options(subquery(Post::blog))).await.unwrap();
        assert_eq!(session.view(before).get(Post::blog).unwrap().title, "b2", "as its own column says");
        assert_eq!(sent.taken("SELECT").len(), 3);
    })
    .await;
}
