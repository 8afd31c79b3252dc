"""Programs in the manner of the sample, more of each kind. `record.py` runs them; a program's body is its source in the file."""

# ruff: noqa: F821


def insert_three_levels(r):
    """Each level is one batch; keys are carried down."""
    r.seed()
    with r.session() as s:
        s.add(Blog(title="b", posts=[Post(title="p", comments=[Comment(body="c"), Comment(body="d")]), Post(title="q")]))
        s.commit()
    return r.rows(Blog, Post, Comment)


def insert_mixed_given_and_generated_keys(r):
    """Rows with a given key and rows without go in separate statements, in the order of add()."""
    r.seed()
    with r.session() as s:
        s.add_all([User(name="a"), User(id=10, name="b"), User(name="c")])
        s.commit()
        return sorted(u.name for u in s.scalars(select(User)))


def insert_defaults_are_read_back(r):
    """Client-side defaults are sent, server defaults are fetched with the row."""
    r.seed()
    with r.session() as s:
        x = Stamp(a="x")
        s.add(x)
        s.flush()
        return [x.id, x.counter, x.created, x.changed]


def insert_association_object(r):
    """An association object gets its composite key from both of its parents."""
    r.seed(Item(id=5, name="nut"))
    with r.session() as s:
        nut = s.get(Item, 5)
        s.add(Order(id=1, lines=[OrderLine(item=nut, quantity=3)]))
        s.commit()
    return r.rows(OrderLine)


def insert_parent_through_child(r):
    """save-update cascades from the child to its parent; the parent is inserted first."""
    r.seed()
    with r.session() as s:
        a = Address(email="x", user=User(name="u"))
        s.add(a)
        s.commit()
    return r.rows(User, Address)


def insert_foreign_key_violation_fails(r):
    """A foreign key to a row that is not there is refused by the database."""
    r.seed()
    with r.session() as s:
        s.add(Address(id=1, email="x", user_id=99))
        return error(s.flush)


def update_to_null(r):
    """Setting a nullable column to None."""
    r.seed(User(id=1, name="u", fullname="U U"))
    with r.session() as s:
        s.get(User, 1).fullname = None
        s.commit()
    return r.rows(User)


def update_different_columns_of_rows(r):
    """Rows whose changed columns differ are not one batch."""
    r.seed(alice(), bob())
    with r.session() as s:
        a, b = s.get(User, 1), s.get(User, 2)
        a.name = "A"
        b.fullname = "B B"
        s.commit()
    return r.rows(User)


def update_scalar_reference_to_none(r):
    """Clearing a many-to-one nulls the key."""
    r.seed(alice())
    with r.session() as s:
        s.get(Address, 1).user = None
        s.commit()
    return r.rows(Address)


def update_scalar_reference_to_pending(r):
    """A new target is inserted before the row that refers to it is updated."""
    r.seed(alice())
    with r.session() as s:
        a = s.get(Address, 1)
        a.user = User(id=7, name="new")
        s.commit()
    return r.rows(User, Address)


def update_version_counts_up(r):
    """Each UPDATE of a versioned row checks and raises the version."""
    r.seed(Article(id=1, title="a"))
    with r.session() as s:
        x = s.get(Article, 1)
        x.title = "b"
        s.flush()
        x.title = "c"
        s.commit()
    return r.rows(Article)


def update_version_conflict_of_many_rows(r):
    """One stale row among several of a batch is told."""
    r.seed(Article(id=1, title="a"), Article(id=2, title="b"), Article(id=3, title="c"))
    with r.session() as s:
        rows = s.scalars(select(Article).order_by(Article.id)).all()
        s.connection().execute(text("UPDATE article SET version = 9 WHERE id = 2"))
        for x in rows:
            x.title = "new"
        return error(s.flush)


def update_row_gone_raises(r):
    """An UPDATE of a row that somebody deleted matches none."""
    r.seed(Tag(id=1, name="t"))
    with r.session() as s:
        t = s.get(Tag, 1)
        s.connection().execute(text("DELETE FROM tag"))
        t.name = "new"
        return error(s.flush)


def update_primary_key_without_children(r):
    """A changed natural key: the UPDATE finds the row by the old key; get() knows the new one."""
    r.seed(Natural(name="n"))
    with r.session() as s:
        n = s.get(Natural, "n")
        n.name = "m"
        s.flush()
        same = s.get(Natural, "m") is n
        s.commit()
    return {"same": same} | r.rows(Natural)


def update_primary_key_carried_by_session(r):
    """passive_updates=False: the session updates the children's keys itself."""
    r.seed(Country(code="a", cities=[City(id=1), City(id=2)]))
    with r.session() as s:
        s.get(Country, "a").code = "b"
        s.commit()
    return r.rows(Country, City)


def update_synchronize_fetch(r):
    """synchronize_session='fetch': the keys come back from the UPDATE, and these objects are changed."""
    r.seed(alice(), bob())
    with r.session() as s:
        a, b = s.get(User, 1), s.get(User, 2)
        s.execute(update(User).where(User.name == "alice").values(name="x"), execution_options={"synchronize_session": "fetch"})
        return [a.name, b.name]


def update_synchronize_false(r):
    """synchronize_session=False: loaded objects keep what they have."""
    r.seed(alice())
    with r.session() as s:
        a = s.get(User, 1)
        s.execute(update(User).where(User.name == "alice").values(name="x"), execution_options={"synchronize_session": False})
        return a.name


def update_synchronize_rollback_restores(r):
    """A rollback undoes what a bulk UPDATE did to loaded objects."""
    r.seed(alice())
    with r.session() as s:
        a = s.get(User, 1)
        s.execute(update(User).where(User.id == 1).values(name="x"))
        within = a.name
        s.rollback()
        return [within, s.get(User, 1, populate_existing=True).name]


def update_set_and_flush_again_sends_nothing(r):
    """What was flushed is not sent again."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        u.name = "b"
        s.flush()
        s.flush()
        s.commit()
    return r.rows(User)


def delete_cascades_three_levels(r):
    """Cascades load what they reach; deletes go from the leaves up."""
    r.seed(Blog(id=1, title="b", posts=[Post(id=1, title="p", comments=[Comment(id=1, body="c")], tags=[Tag(id=1, name="t")])]))
    with r.session() as s:
        s.delete(s.get(Blog, 1))
        s.commit()
    return r.rows(Blog, Post, Comment, Tag, Base.metadata.tables["post_tags"])


def delete_many_rows_is_one_batch(r):
    """Deletes of one table are one executemany."""
    r.seed(Item(id=1, name="a"), Item(id=2, name="b"), Item(id=3, name="c"))
    with r.session() as s:
        for x in s.scalars(select(Item).where(Item.id < 3)).all():
            s.delete(x)
        s.commit()
    return r.rows(Item)


def delete_passive_leaves_children_to_the_database(r):
    """passive_deletes=True: children that are not loaded are left to ON DELETE CASCADE."""
    r.seed(Passive(id=1, children=[PassiveChild(id=1), PassiveChild(id=2)]))
    with r.session() as s:
        s.delete(s.get(Passive, 1))
        s.commit()
    return r.rows(Passive, PassiveChild)


def delete_passive_deletes_loaded_children(r):
    """passive_deletes=True: children that are loaded are deleted by the session."""
    r.seed(Passive(id=1, children=[PassiveChild(id=1), PassiveChild(id=2)]))
    with r.session() as s:
        p = s.get(Passive, 1)
        len(p.children)
        s.delete(p)
        s.commit()
    return r.rows(Passive, PassiveChild)


def delete_passive_all_touches_no_child(r):
    """passive_deletes='all': not even loaded children are touched; the database nulls their keys."""
    r.seed(Shelf(id=1, books=[Book(id=1), Book(id=2)]))
    with r.session() as s:
        x = s.get(Shelf, 1)
        len(x.books)
        s.delete(x)
        s.commit()
    return r.rows(Shelf, Book)


def delete_viewonly_is_not_followed(r):
    """A viewonly relationship takes no part in a delete."""
    r.seed(Shelf(id=1), Book(id=1))
    with r.session() as s:
        x = s.get(Shelf, 1)
        len(x.watched)
        s.delete(x)
        s.commit()
    return r.rows(Shelf, Book)


def delete_child_keeps_parent(r):
    """Deleting a child that delete-orphan does not cover leaves its parent alone."""
    r.seed(alice())
    with r.session() as s:
        s.delete(s.get(Address, 1))
        s.commit()
    return r.rows(User, Address)


def delete_parent_with_not_null_children_fails(r):
    """Without a cascade, a NOT NULL key cannot be nulled."""
    r.seed(Order(id=1, notes=["n"]))
    with r.session() as s:
        s.delete(s.get(Order, 1))
        return error(s.flush)


def delete_pending_object_raises(r):
    """delete() of an object that is not persistent is refused."""
    r.seed()
    with r.session() as s:
        t = Tag(name="t")
        s.add(t)
        return error(lambda: s.delete(t))


def delete_row_gone(r):
    """A DELETE of a row that is gone already is no error."""
    r.seed(Item(id=1, name="a"))
    with r.session() as s:
        x = s.get(Item, 1)
        s.connection().execute(text("DELETE FROM item"))
        s.delete(x)
        s.commit()
    return r.rows(Item)


def delete_version_conflict(r):
    """A DELETE of a versioned row that was changed elsewhere."""
    r.seed(Article(id=1, title="a"))
    with r.session() as s:
        x = s.get(Article, 1)
        s.connection().execute(text("UPDATE article SET version = 9"))
        s.delete(x)
        return describe_class(error(s.flush))


def delete_statement_evaluate(r):
    """delete(User).where(): matching objects leave the session."""
    r.seed(Tag(id=1, name="a"), Tag(id=2, name="b"))
    with r.session() as s:
        a, b = s.get(Tag, 1), s.get(Tag, 2)
        s.execute(delete(Tag).where(Tag.id == 1), execution_options={"synchronize_session": "evaluate"})
        return {"a": a in s, "b": b in s}


def delete_statement_rollback_restores(r):
    """After a rollback the objects of a bulk DELETE are back."""
    r.seed(Tag(id=1, name="a"))
    with r.session() as s:
        a = s.get(Tag, 1)
        s.execute(delete(Tag).where(Tag.id == 1))
        within = a in s
        s.rollback()
        return {"within": within, "after": a in s, "rows": s.scalars(select(Tag.name)).all()}


def delete_self_referential_with_children(r):
    """Without cascade, reports of a deleted manager lose him."""
    r.seed(Employee(id=1, name="boss", reports=[Employee(id=2, name="a"), Employee(id=3, name="b")]))
    with r.session() as s:
        s.delete(s.get(Employee, 1))
        s.commit()
    return r.rows(Employee)


def orphan_two_levels(r):
    """An orphan takes what is below it along."""
    r.seed(Blog(id=1, title="b", posts=[Post(id=1, title="p", comments=[Comment(id=1, body="c")]), Post(id=2, title="q")]))
    with r.session() as s:
        b = s.get(Blog, 1)
        b.posts.remove(b.posts[0])
        s.commit()
    return r.rows(Post, Comment)


def orphan_moved_to_another_parent_lives(r):
    """A child that another parent takes in is no orphan."""
    r.seed(Blog(id=1, title="a", posts=[Post(id=1, title="p")]), Blog(id=2, title="b"))
    with r.session() as s:
        a, b = s.get(Blog, 1), s.get(Blog, 2)
        b.posts.append(a.posts[0])
        s.commit()
    return r.rows(Post)


def orphan_removed_and_appended_again_lives(r):
    """Back in the collection before the flush: nothing to do."""
    r.seed(Blog(id=1, title="a", posts=[Post(id=1, title="p")]))
    with r.session() as s:
        a = s.get(Blog, 1)
        p = a.posts[0]
        a.posts.remove(p)
        a.posts.append(p)
        s.commit()
    return r.rows(Post)


def orphan_pending_leaves_the_session(r):
    """A pending child that is taken out of its parent's collection is expunged."""
    r.seed(Blog(id=1, title="a"))
    with r.session() as s:
        a = s.get(Blog, 1)
        p = Post(title="p")
        a.posts.append(p)
        before = p in s
        a.posts.remove(p)
        after = p in s
        s.commit()
    return {"before": before, "after": after} | r.rows(Post)


def orphan_of_either_of_two_parents(r):
    """With two delete-orphan parents, losing one is enough."""
    r.seed(Author(id=1, works=[Work(id=1, press=Press(id=1))]))
    with r.session() as s:
        a = s.get(Author, 1)
        a.works.clear()
        s.commit()
    return r.rows(Work)


def orphan_scalar_set_to_none(r):
    """A delete-orphan scalar set to None is deleted."""
    r.seed(User(id=1, name="u", profile=Profile(id=1, bio="b")))
    with r.session() as s:
        s.get(User, 1).profile = None
        s.commit()
    return r.rows(Profile)


def remove_child_nulls_foreign_key(r):
    """Removed from a collection without delete-orphan: the key becomes NULL."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        u.addresses.remove(u.addresses[0])
        s.commit()
    return r.rows(Address)


def remove_all_children(r):
    """An empty list in place of the collection nulls all keys in one batch."""
    r.seed(alice())
    with r.session() as s:
        s.get(User, 1).addresses = []
        s.commit()
    return r.rows(Address)


def remove_pending_child_is_still_inserted(r):
    """Without delete-orphan, a pending child that left the collection stays pending."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        a = Address(id=9, email="n")
        u.addresses.append(a)
        u.addresses.remove(a)
        s.commit()
    return r.rows(Address)


def remove_not_in_collection_raises(r):
    """Removing what is not in the collection."""
    r.seed(alice(), bob())
    with r.session() as s:
        u = s.get(User, 1)
        return error(lambda: u.addresses.remove(s.get(Address, 3)))


def remove_and_delete_child(r):
    """Taken out and deleted: one DELETE, no UPDATE."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        a = u.addresses[0]
        u.addresses.remove(a)
        s.delete(a)
        s.commit()
    return r.rows(Address)


def one_to_one_insert(r):
    """A scalar on the side without the key: parent first."""
    r.seed()
    with r.session() as s:
        s.add(User(name="u", profile=Profile(bio="b")))
        s.commit()
    return r.rows(User, Profile)


def one_to_one_moves_to_another_parent(r):
    """Set at another parent, a profile is moved, not deleted."""
    r.seed(User(id=1, name="a", profile=Profile(id=1, bio="p")), User(id=2, name="b"))
    with r.session() as s:
        a, b = s.get(User, 1), s.get(User, 2)
        b.profile = a.profile
        s.commit()
    return r.rows(Profile)


def one_to_one_set_from_the_child(r):
    """The many side sets it; the parent's scalar follows."""
    r.seed(User(id=1, name="a"))
    with r.session() as s:
        a = s.get(User, 1)
        p = Profile(id=1, bio="p", user=a)
        s.add(p)
        seen = a.profile is p
        s.commit()
    return {"seen": seen} | r.rows(Profile)


def one_to_one_delete_parent(r):
    """The cascade deletes the child first."""
    r.seed(User(id=1, name="a", profile=Profile(id=1, bio="p")))
    with r.session() as s:
        s.delete(s.get(User, 1))
        s.commit()
    return r.rows(User, Profile)


def many_to_many_moved(r):
    """From one collection to another: one link row goes, one comes."""
    r.seed(Blog(id=1, title="b", posts=[Post(id=1, title="p", tags=[Tag(id=1, name="t")]), Post(id=2, title="q")]))
    with r.session() as s:
        p, q = s.get(Post, 1), s.get(Post, 2)
        t = p.tags[0]
        p.tags.remove(t)
        q.tags.append(t)
        s.commit()
    return r.rows(Base.metadata.tables["post_tags"])


def many_to_many_removed_from_the_other_side(r):
    """Either side may take the link away."""
    r.seed(Blog(id=1, title="b", posts=[Post(id=1, title="p", tags=[Tag(id=1, name="t")])]))
    with r.session() as s:
        t = s.get(Tag, 1)
        t.posts.remove(t.posts[0])
        s.commit()
    return r.rows(Base.metadata.tables["post_tags"])


def many_to_many_both_sides_once(r):
    """Appended on both sides, the link is one row."""
    r.seed(Blog(id=1, title="b", posts=[Post(id=1, title="p")]), Tag(id=1, name="t"))
    with r.session() as s:
        p, t = s.get(Post, 1), s.get(Tag, 1)
        p.tags.append(t)
        seen = [x.id for x in t.posts]
        s.commit()
    return {"seen": seen} | r.rows(Base.metadata.tables["post_tags"])


def many_to_many_delete_one_end(r):
    """Deleting either end deletes its link rows, and not the other end."""
    r.seed(Blog(id=1, title="b", posts=[Post(id=1, title="p", tags=[Tag(id=1, name="t"), Tag(id=2, name="u")])]))
    with r.session() as s:
        s.delete(s.get(Tag, 1))
        s.commit()
    return r.rows(Base.metadata.tables["post_tags"], Post, Tag)


def many_to_many_cleared(r):
    """Clearing the collection deletes its link rows."""
    r.seed(Blog(id=1, title="b", posts=[Post(id=1, title="p", tags=[Tag(id=1, name="t"), Tag(id=2, name="u")])]))
    with r.session() as s:
        p = s.get(Post, 1)
        p.tags.clear()
        s.commit()
    return r.rows(Base.metadata.tables["post_tags"], Tag)


def flush_self_referential_delete_order(r):
    """Rows of a tree are deleted leaves first."""
    r.seed(Node(id=1, name="root", children=[Node(id=2, name="a", children=[Node(id=3, name="aa")]), Node(id=4, name="b")]))
    with r.session() as s:
        s.delete(s.get(Node, 1))
        s.commit()
    return r.rows(Node)


def flush_row_switch(r):
    """A deleted row and a new object of the same key become an UPDATE."""
    r.seed(Tag(id=1, name="old"))
    with r.session() as s:
        s.delete(s.get(Tag, 1))
        s.add(Tag(id=1, name="new"))
        s.commit()
    return r.rows(Tag)


def flush_post_update_cycle(r):
    """post_update breaks a cycle: inserts first, then one UPDATE of the key."""
    r.seed()
    with r.session() as s:
        w = Widget(id=1, name="w")
        w.favourite = Favourite(id=2, name="f", widget=w)
        s.add(w)
        s.commit()
    return r.rows(Widget, Favourite)


def flush_post_update_delete(r):
    """post_update on the way out: the key is nulled, then both rows go."""
    w = Widget(id=1, name="w")
    w.favourite = Favourite(id=2, name="f", widget=w)
    r.seed(w)
    with r.session() as s:
        w = s.get(Widget, 1)
        s.delete(w.favourite)
        s.delete(w)
        s.commit()
    return r.rows(Widget, Favourite)


def flush_post_update_two_rows_of_one_table(r):
    """Rows of one table that refer to each other."""
    r.seed()
    with r.session() as s:
        a, b = Staff(id=1), Staff(id=2)
        a.buddy, b.buddy = b, a
        s.add_all([a, b])
        s.commit()
    return r.rows(Staff)


def flush_three_level_dependency(r):
    """Objects that were added in any order are written in the order of their tables."""
    r.seed()
    with r.session() as s:
        c = Comment(id=1, body="c")
        p = Post(id=1, title="p")
        b = Blog(id=1, title="b")
        s.add_all([c, p, b])
        p.blog = b
        p.comments.append(c)
        s.commit()
    return r.rows(Blog, Post, Comment)


def flush_cycle_with_one_direction_is_ordered(r):
    """Two tables that refer to each other are no cycle as long as the rows are none."""
    r.seed()
    with r.session() as s:
        s.add(CycleA(id=1, b=CycleB(id=2)))
        return error(s.flush)


def flush_natural_key_children(r):
    """A natural key is carried to new children."""
    r.seed()
    with r.session() as s:
        s.add(Natural(name="n", children=[NaturalChild(id=1), NaturalChild(id=2)]))
        s.commit()
    return r.rows(Natural, NaturalChild)


def flush_composite_key_children(r):
    """All columns of a composite key are carried."""
    r.seed()
    with r.session() as s:
        s.add(CompositeParent(a=1, b=2, children=[CompositeChild(id=1), CompositeChild(id=2)]))
        s.commit()
    return r.rows(CompositeParent, CompositeChild)


def flush_nothing_to_do(r):
    """A flush, or a commit, of nothing sends nothing."""
    r.seed(alice())
    with r.session() as s:
        s.flush()
        s.commit()


def flush_delete_child_then_parent(r):
    """Both marked: children first, and no nulling."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        children = list(u.addresses)
        s.delete(u)
        for a in children:
            s.delete(a)
        s.commit()
    return r.rows(User, Address)


def unique_swap_fails(r):
    """Two rows cannot exchange unique values in one flush."""
    r.seed(Tag(id=1, name="a"), Tag(id=2, name="b"))
    with r.session() as s:
        a, b = s.get(Tag, 1), s.get(Tag, 2)
        a.name, b.name = "b", "a"
        return error(s.flush)


def unique_delete_and_insert_fails(r):
    """Inserts go before deletes: the unique value of a deleted row is not free yet."""
    r.seed(Tag(id=1, name="a"))
    with r.session() as s:
        s.delete(s.get(Tag, 1))
        s.add(Tag(id=2, name="a"))
        return error(s.flush)


def unique_delete_flush_insert(r):
    """With a flush in between it is."""
    r.seed(Tag(id=1, name="a"))
    with r.session() as s:
        s.delete(s.get(Tag, 1))
        s.flush()
        s.add(Tag(id=2, name="a"))
        s.commit()
    return r.rows(Tag)


def unique_update_frees_value_for_insert(r):
    """Within one table UPDATEs go before INSERTs, as far as the flush knows of both."""
    r.seed(Tag(id=1, name="a"))
    with r.session() as s:
        s.get(Tag, 1).name = "b"
        s.add(Tag(id=2, name="a"))
        s.commit()
    return r.rows(Tag)


def unique_violation_of_pending(r):
    """Two new rows with one unique value."""
    r.seed()
    with r.session() as s:
        s.add_all([Tag(id=1, name="a"), Tag(id=2, name="a")])
        return error(s.flush)


def identity_of_new_object_after_flush(r):
    """A flushed object is in the identity map under its generated key."""
    r.seed()
    with r.session() as s:
        u = User(name="u")
        s.add(u)
        s.flush()
        return s.get(User, u.id) is u


def identity_map_across_relationships(r):
    """A relationship gives the objects that the session has."""
    r.seed(alice())
    with r.session() as s:
        a = s.get(Address, 1)
        u = s.get(User, 1)
        return {"child": u.addresses[0] is a, "parent": a.user is u}


def identity_of_deleted_key_is_free(r):
    """After a flushed delete another object may have the key."""
    r.seed(Tag(id=1, name="a"))
    with r.session() as s:
        t = s.get(Tag, 1)
        s.delete(t)
        s.flush()
        new = Tag(id=1, name="b")
        s.add(new)
        s.flush()
        return {"same": s.get(Tag, 1) is new}


def get_missing_row(r):
    """get() of a row that is not there gives None; nothing is remembered."""
    r.seed()
    with r.session() as s:
        return [s.get(User, 9), s.get(User, 9)]


def get_one_missing_row_raises(r):
    """get_one() raises instead."""
    r.seed()
    with r.session() as s:
        return error(lambda: s.get_one(User, 9))


def get_identity_map_hit(r):
    """The second get() sends nothing."""
    r.seed(alice())
    with r.session() as s:
        return s.get(User, 1) is s.get(User, 1)


def get_composite_key(r):
    """A key of several columns is a tuple."""
    r.seed(CompositeParent(a=1, b=2))
    with r.session() as s:
        p = s.get(CompositeParent, (1, 2))
        return [p.a, p.b, s.get(CompositeParent, (1, 2)) is p, s.get(CompositeParent, (2, 1))]


def get_with_for_update(r):
    """with_for_update always asks the database, and overwrites."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        s.connection().execute(text("UPDATE user_account SET name = 'changed'"))
        s.get(User, 1, with_for_update=True)
        return u.name


def get_populate_existing(r):
    """So does populate_existing."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        s.connection().execute(text("UPDATE user_account SET name = 'changed'"))
        first = s.get(User, 1).name
        s.get(User, 1, populate_existing=True)
        return [first, u.name]


def get_with_options(r):
    """Loader options go with the SELECT."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1, options=[selectinload(User.addresses)])
        r.step("read")
        return [a.email for a in u.addresses]


def get_of_deleted_object(r):
    """After a flushed delete there is no such object."""
    r.seed(Tag(id=1, name="t"))
    with r.session() as s:
        s.delete(s.get(Tag, 1))
        s.flush()
        return s.get(Tag, 1)


def get_of_object_marked_deleted(r):
    """Before the flush, the identity map still has it."""
    r.seed(Tag(id=1, name="t"))
    with r.session() as s:
        t = s.get(Tag, 1)
        s.delete(t)
        return s.get(Tag, 1) is t


def get_of_expired_object(r):
    """An expired object is read again, and None given where its row is gone."""
    r.seed(Tag(id=1, name="a"), Tag(id=2, name="b"))
    with r.session() as s:
        a, b = s.get(Tag, 1), s.get(Tag, 2)
        s.connection().execute(text("UPDATE tag SET name = 'c' WHERE id = 1"))
        s.connection().execute(text("DELETE FROM tag WHERE id = 2"))
        s.expire_all()
        return [s.get(Tag, 1).name, s.get(Tag, 2)]


def get_flushes_before_its_select(r):
    """get() of a key that the identity map has not: pending objects are flushed first."""
    r.seed()
    with r.session() as s:
        s.add(Tag(id=1, name="t"))
        return s.get(Tag, 1).name


def expire_reloads_the_row(r):
    """An expired object is read again by one SELECT."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        s.connection().execute(text("UPDATE user_account SET name = 'changed'"))
        s.expire(u)
        return s.get(User, 1).name


def expire_named_attribute(r):
    """Only the named attribute is read again."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        s.connection().execute(text("UPDATE user_account SET name = 'changed', fullname = 'too'"))
        s.expire(u, ["name"])
        return [u.name, u.fullname]


def expire_discards_pending_change(r):
    """What was not flushed is lost."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        u.name = "lost"
        s.expire(u)
        modified = s.is_modified(u)
        s.commit()
    return {"modified": modified} | r.rows(User)


def expire_collection(r):
    """An expired collection is loaded again."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        before = len(u.addresses)
        s.connection().execute(text("INSERT INTO address (id, email, user_id) VALUES (9, 'n', 1)"))
        s.expire(u, ["addresses"])
        return [before, len(u.addresses)]


def expire_all_objects(r):
    """expire_all(): the next query overwrites all that it reads."""
    r.seed(alice(), bob())
    with r.session() as s:
        a, b = s.get(User, 1), s.get(User, 2)
        s.connection().execute(text("UPDATE user_account SET name = 'same'"))
        s.expire_all()
        s.scalars(select(User)).all()
        return [a.name, b.name]


def expire_on_commit(r):
    """After a commit everything is expired."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        s.commit()
        s.connection().execute(text("UPDATE user_account SET name = 'changed'"))
        return s.get(User, 1).name


def expire_on_commit_off(r):
    """Without expire_on_commit it is not."""
    r.seed(alice())
    with r.session(expire_on_commit=False) as s:
        u = s.get(User, 1)
        s.commit()
        s.connection().execute(text("UPDATE user_account SET name = 'changed'"))
        return s.get(User, 1).name


def expire_pending_object_raises(r):
    """An object without a row cannot be expired."""
    r.seed()
    with r.session() as s:
        t = Tag(name="t")
        s.add(t)
        return error(lambda: s.expire(t))


def expire_then_change(r):
    """A change after the expiry is flushed without reading the row."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        s.expire(u)
        u.name = "new"
        s.commit()
    return r.rows(User)


def refresh_overwrites(r):
    """refresh() reads the row again, at once."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        s.connection().execute(text("UPDATE user_account SET name = 'changed'"))
        s.refresh(u)
        return u.name


def refresh_named_attributes(r):
    """Only the named column is read."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        s.connection().execute(text("UPDATE user_account SET name = 'changed', fullname = 'too'"))
        s.refresh(u, ["name"])
        return [u.name, u.fullname]


def refresh_collection(r):
    """A relationship that is named is loaded again."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        before = len(u.addresses)
        s.connection().execute(text("INSERT INTO address (id, email, user_id) VALUES (9, 'n', 1)"))
        s.refresh(u, ["addresses"])
        return [before, len(u.addresses)]


def refresh_deleted_row_raises(r):
    """The row is gone."""
    r.seed(Tag(id=1, name="t"))
    with r.session() as s:
        t = s.get(Tag, 1)
        s.connection().execute(text("DELETE FROM tag"))
        return error(lambda: s.refresh(t))


def refresh_pending_object_raises(r):
    """There is no row yet."""
    r.seed()
    with r.session(autoflush=False) as s:
        t = Tag(name="t")
        s.add(t)
        return error(lambda: s.refresh(t))


def refresh_drops_its_changes_and_flushes_others(r):
    """refresh() expires its object, then flushes what else is pending, then reads."""
    r.seed(alice(), bob())
    with r.session() as s:
        a, b = s.get(User, 1), s.get(User, 2)
        a.name = "dropped"
        b.name = "flushed"
        s.refresh(a)
        s.commit()
    return r.rows(User)


def refresh_for_update(r):
    """with_for_update locks the row."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        s.connection().execute(text("UPDATE user_account SET name = 'changed'"))
        s.refresh(u, with_for_update=True)
        return u.name


def autoflush_before_lazy_load(r):
    """Loading a relationship flushes first."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        s.add(Address(id=9, email="n", user_id=1))
        return [a.email for a in u.addresses]


def autoflush_off(r):
    """A session without autoflush."""
    r.seed(alice())
    with r.session(autoflush=False) as s:
        s.get(User, 1).name = "new"
        seen = s.scalars(select(User.name)).all()
        s.commit()
    return {"seen": seen} | r.rows(User)


def autoflush_error(r):
    """A flush that fails before a query."""
    r.seed(Tag(id=1, name="t"))
    with r.session() as s:
        s.add(Tag(id=2, name="t"))
        return describe_class(error(lambda: s.scalars(select(User)).all()))


def autoflush_before_bulk_update(r):
    """execute() of an UPDATE flushes, too."""
    r.seed()
    with r.session() as s:
        s.add(Tag(id=1, name="t"))
        s.execute(update(Tag).values(name="u"))
        s.commit()
    return r.rows(Tag)


def rollback_new_objects_are_gone(r):
    """Objects that were added leave the session."""
    r.seed()
    with r.session() as s:
        t = Tag(id=1, name="t")
        s.add(t)
        s.flush()
        s.rollback()
        gone = t not in s
        s.commit()
    return {"gone": gone} | r.rows(Tag)


def rollback_unflushed_object_is_gone(r):
    """So do those that were not flushed."""
    r.seed()
    with r.session() as s:
        t = Tag(id=1, name="t")
        s.add(t)
        s.rollback()
        s.commit()
        return {"gone": t not in s} | r.rows(Tag)


def rollback_deleted_objects_are_back(r):
    """Deleted objects are persistent again."""
    r.seed(Tag(id=1, name="t"))
    with r.session() as s:
        t = s.get(Tag, 1)
        s.delete(t)
        s.flush()
        s.rollback()
        return {"back": t in s, "marked": t in s.deleted} | r.rows(Tag)


def rollback_marked_object_is_unmarked(r):
    """delete() without a flush is forgotten."""
    r.seed(Tag(id=1, name="t"))
    with r.session() as s:
        t = s.get(Tag, 1)
        s.delete(t)
        s.rollback()
        s.commit()
        return {"marked": t in s.deleted} | r.rows(Tag)


def rollback_attributes(r):
    """Flushed and unflushed changes of attributes are undone."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        u.name = "flushed"
        s.flush()
        u.fullname = "unflushed"
        s.rollback()
        return [u.name, u.fullname]


def rollback_collections(r):
    """Collections are what they were."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        u.addresses.append(Address(id=9, email="n"))
        u.addresses.pop(0)
        s.flush()
        s.rollback()
        return [a.email for a in u.addresses]


def rollback_primary_key(r):
    """A changed key is undone, in the identity map too."""
    r.seed(Natural(name="n"))
    with r.session() as s:
        n = s.get(Natural, "n")
        n.name = "m"
        s.flush()
        s.rollback()
        return [n.name, s.get(Natural, "n") is n, s.get(Natural, "m")]


def rollback_then_continue(r):
    """The session begins anew."""
    r.seed(Tag(id=1, name="t"))
    with r.session() as s:
        s.get(Tag, 1).name = "lost"
        s.rollback()
        s.get(Tag, 1).name = "kept"
        s.commit()
    return r.rows(Tag)


def savepoint_released(r):
    """begin_nested() as a block: RELEASE at its end."""
    r.seed()
    with r.session() as s:
        with s.begin_nested():
            s.add(Tag(id=1, name="t"))
        s.commit()
    return r.rows(Tag)


def savepoint_restores_attributes(r):
    """What was changed inside is undone, what was changed before is kept."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        u.fullname = "before"
        nested = s.begin_nested()
        u.name = "inside"
        s.flush()
        nested.rollback()
        seen = [u.name, u.fullname]
        s.commit()
    return {"seen": seen} | r.rows(User)


def savepoint_within_savepoint(r):
    """The inner one is undone, the outer one kept."""
    r.seed()
    with r.session() as s:
        with s.begin_nested():
            s.add(Tag(id=1, name="outer"))
            inner = s.begin_nested()
            s.add(Tag(id=2, name="inner"))
            s.flush()
            inner.rollback()
        s.commit()
    return r.rows(Tag)


def savepoint_deleted_object_is_back(r):
    """A delete inside is undone."""
    r.seed(Tag(id=1, name="t"))
    with r.session() as s:
        t = s.get(Tag, 1)
        nested = s.begin_nested()
        s.delete(t)
        s.flush()
        nested.rollback()
        back = t in s
        s.commit()
    return {"back": back} | r.rows(Tag)


def savepoint_outer_rollback_undoes_all(r):
    """A released savepoint goes with its transaction."""
    r.seed()
    with r.session() as s:
        with s.begin_nested():
            s.add(Tag(id=1, name="t"))
        s.rollback()
    return r.rows(Tag)


def failed_flush_needs_rollback(r):
    """After a failed flush nothing goes until rollback(), then everything."""
    r.seed(Tag(id=1, name="t"))
    with r.session() as s:
        s.add(Tag(id=2, name="t"))
        first = describe_class(error(s.flush))
        second = describe_class(error(lambda: s.scalars(select(Tag.name)).all()))
        s.rollback()
        return [first, second, s.scalars(select(Tag.name)).all()]


def failed_flush_of_many_undoes_the_first(r):
    """A flush is all or nothing."""
    r.seed(Blog(id=1, title="b", posts=[Post(id=1, title="p")]))
    with r.session() as s:
        s.add(Blog(id=2, title="c", posts=[Post(id=1, title="q")]))
        first = describe_class(error(s.commit))
        s.rollback()
        s.commit()
    return {"first": first} | r.rows(Blog, Post)


def failed_flush_objects_after_rollback(r):
    """New objects are gone, changed ones are back."""
    r.seed(Tag(id=1, name="t"), Tag(id=2, name="u"))
    with r.session() as s:
        t = s.get(Tag, 1)
        t.name = "u"
        new = Tag(id=3, name="new")
        s.add(new)
        first = describe_class(error(s.flush))
        s.rollback()
        return [first, t.name, new in s]


def failed_query_leaves_the_session_usable(r):
    """A statement that the database refuses is no failed flush."""
    r.seed(Tag(id=1, name="t"))
    with r.session() as s:
        first = describe_class(error(lambda: s.execute(text("SELECT * FROM no_such_table"))))
        s.rollback()
        return [first, s.scalars(select(Tag.name)).all()]


def failed_commit_again_without_rollback(r):
    """commit() after a failed flush is refused."""
    r.seed(Tag(id=1, name="t"))
    with r.session() as s:
        s.add(Tag(id=2, name="t"))
        first = describe_class(error(s.commit))
        second = describe_class(error(s.commit))
        return [first, second]


def object_states_of_expunged(r):
    """Expunged, an object is detached; a pending one is transient again."""
    r.seed(Tag(id=1, name="t"))
    with r.session() as s:
        t = s.get(Tag, 1)
        new = Tag(id=2, name="n")
        s.add(new)
        s.expunge(t)
        s.expunge(new)
        s.commit()
        return {"t": inspect(t).detached, "new": inspect(new).transient} | r.rows(Tag)


def object_states_after_rollback(r):
    """A new object is transient after a rollback, a deleted one persistent."""
    r.seed(Tag(id=1, name="t"))
    with r.session() as s:
        t = s.get(Tag, 1)
        new = Tag(id=2, name="n")
        s.add(new)
        s.delete(t)
        s.flush()
        s.rollback()
        return [inspect(new).transient, inspect(t).persistent]


def attribute_history_of_new_object(r):
    """Everything is added."""
    r.seed()
    with r.session(autoflush=False) as s:
        u = User(name="n", addresses=[Address(email="x")])
        s.add(u)

        def history(obj, name):
            return [[getattr(v, "email", v) for v in part or ()] for part in attributes.get_history(obj, name)]

        return {"name": history(u, "name"), "addresses": history(u, "addresses")}


def attribute_history_unchanged(r):
    """Loaded and not touched; and set to what it was."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        before = [list(part or ()) for part in attributes.get_history(u, "name")]
        u.name = "x"
        u.name = "alice"
        return [before, [list(part or ()) for part in attributes.get_history(u, "name")]]


def attribute_history_after_flush(r):
    """A flush makes everything unchanged."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        u.name = "x"
        s.flush()
        return [list(part or ()) for part in attributes.get_history(u, "name")]


def attribute_history_of_not_loaded(r):
    """A relationship that is not loaded has no history."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        return [list(part or ()) for part in attributes.get_history(u, "addresses", attributes.PASSIVE_NO_INITIALIZE)]


def new_dirty_deleted_after_flush(r):
    """All empty."""
    r.seed(alice(), bob())
    with r.session() as s:
        s.get(User, 1).name = "q"
        s.delete(s.get(Address, 3))
        s.add(User(id=9, name="n"))
        s.flush()
        return [len(s.new), len(s.dirty), len(s.deleted)]


def merge_without_key_is_new(r):
    """An object without a key is simply new."""
    r.seed()
    with r.session() as s:
        got = s.merge(User(name="u"))
        s.commit()
        return [got.id, got.name]


def merge_unchanged_sends_no_update(r):
    """Equal values are no change."""
    r.seed(alice())
    with r.session() as s:
        s.merge(User(id=1, name="alice", fullname=None))
        s.commit()
    return r.rows(User)


def merge_into_loaded_object(r):
    """An object of the session needs no SELECT."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1)
        got = s.merge(User(id=1, name="merged"))
        return [got is u, u.name]


def merge_detached_round_trip(r):
    """Loaded in one session, changed outside, merged into another."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1, options=[selectinload(User.addresses)])
        s.expunge_all()
    u.name = "outside"
    u.addresses[0].email = "changed"
    with r.session() as s:
        s.merge(u)
        s.commit()
    return r.rows(User, Address)


def merge_many_to_many(r):
    """Link rows follow the merged collection."""
    r.seed(Blog(id=1, title="b", posts=[Post(id=1, title="p", tags=[Tag(id=1, name="t"), Tag(id=2, name="u")])]))
    with r.session() as s:
        s.merge(Post(id=1, title="p", blog_id=1, tags=[Tag(id=2, name="u"), Tag(id=3, name="v")]))
        s.commit()
    return r.rows(Tag, Base.metadata.tables["post_tags"])


def merge_three_levels(r):
    """The cascade goes all the way down, and orphans are deleted."""
    r.seed(Blog(id=1, title="b", posts=[Post(id=1, title="p", comments=[Comment(id=1, body="c"), Comment(id=2, body="d")])]))
    with r.session() as s:
        s.merge(Blog(id=1, title="B", posts=[Post(id=1, title="P", comments=[Comment(id=1, body="C"), Comment(id=3, body="new")])]))
        s.commit()
    return r.rows(Blog, Post, Comment)


def merge_version_mismatch_raises(r):
    """A given version that is not the row's."""
    r.seed(Article(id=1, title="a"))
    with r.session() as s:
        return error(lambda: s.merge(Article(id=1, title="b", version=7))).split(".")[0]


def detached_changes_are_not_flushed(r):
    """An expunged object is nobody's business."""
    r.seed(Tag(id=1, name="t"))
    with r.session() as s:
        t = s.get(Tag, 1)
        s.expunge(t)
        t.name = "changed"
        s.commit()
    return r.rows(Tag)


def detached_expunge_all(r):
    """The next get() reads anew."""
    r.seed(Tag(id=1, name="t"))
    with r.session() as s:
        t = s.get(Tag, 1)
        s.expunge_all()
        return s.get(Tag, 1) is t


def reattach_with_children(r):
    """add() cascades to loaded children: their changes are flushed, too."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1, options=[selectinload(User.addresses)])
        s.expunge_all()
    u.addresses[0].email = "changed"
    with r.session() as s:
        s.add(u)
        s.commit()
    return r.rows(Address)


def reattach_and_append(r):
    """A child that is added to a reattached parent is inserted."""
    r.seed(alice())
    with r.session() as s:
        u = s.get(User, 1, options=[selectinload(User.addresses)])
        s.expunge_all()
    with r.session() as s:
        s.add(u)
        u.addresses.append(Address(id=9, email="n"))
        s.commit()
    return r.rows(Address)


def two_objects_same_new_key_fails(r):
    """Two pending objects of one key."""
    r.seed()
    with r.session() as s:
        s.add_all([Tag(id=1, name="a"), Tag(id=1, name="b")])
        return describe_class(error(s.flush))


def two_objects_new_one_has_a_loaded_key(r):
    """A pending object of a key that the session holds."""
    r.seed(Tag(id=1, name="a"))
    with r.session() as s:
        held = s.get(Tag, 1)
        s.add(Tag(id=1, name="b"))
        return [held.name, describe_class(error(s.flush))]


def make_transient_to_copy_a_row(r):
    """make_transient, no key, add: a second row."""
    r.seed(Item(id=1, name="nut"))
    with r.session() as s:
        x = s.get(Item, 1)
        make_transient(x)
        x.id = None
        s.add(x)
        s.commit()
    return r.rows(Item)


def make_transient_with_its_key_fails(r):
    """Added again with its key, it is a second row of the key."""
    r.seed(Item(id=1, name="nut"))
    with r.session() as s:
        x = s.get(Item, 1)
        make_transient(x)
        s.add(x)
        return describe_class(error(s.flush))


def make_transient_to_detached_reads_the_row(r):
    """An object made by hand, attached as that of a row: the values are read when asked for."""
    r.seed(Item(id=1, name="nut"))
    with r.session() as s:
        x = Item(id=1)
        make_transient_to_detached(x)
        s.add(x)
        s.refresh(x)
        return [x.name, s.get(Item, 1) is x]


def backref_append_sets_the_parent(r):
    """append() on one side sets the other."""
    r.seed(alice(), bob())
    with r.session() as s:
        a, b = s.get(User, 1), s.get(User, 2)
        one = a.addresses[0]
        b.addresses.append(one)
        return {"parent": one.user is b, "left": [x.email for x in a.addresses]}


def backref_set_moves_between_collections(r):
    """Setting the scalar moves the child between loaded collections."""
    r.seed(alice(), bob())
    with r.session() as s:
        a, b = s.get(User, 1), s.get(User, 2)
        one = a.addresses[0]
        len(b.addresses)
        one.user = b
        return [[x.email for x in a.addresses], [x.email for x in b.addresses]]


def backref_many_to_many(r):
    """Both collections of a many-to-many follow each other."""
    r.seed()
    p, t = Post(title="p"), Tag(name="t")
    p.tags.append(t)
    before = len(t.posts)
    t.posts.remove(p)
    return [before, len(p.tags)]


def backref_one_to_one(r):
    """The old partner loses the link."""
    r.seed()
    u, p, q = User(name="u"), Profile(bio="p"), Profile(bio="q")
    u.profile = p
    u.profile = q
    return [p.user is None, q.user is u]


def session_events_of_a_commit(r):
    """The order of the session's events around a commit."""
    r.seed()
    seen = []
    with r.session() as s:
        for name in ("before_flush", "after_flush", "after_flush_postexec", "before_commit", "after_commit", "after_begin", "after_rollback"):
            event.listen(s, name, lambda *_, name=name: seen.append(name))
        s.add(Tag(id=1, name="t"))
        s.commit()
    return seen


def session_events_of_a_rollback(r):
    """And around a rollback."""
    r.seed()
    seen = []
    with r.session() as s:
        for name in ("before_flush", "after_flush", "before_commit", "after_commit", "after_begin", "after_rollback"):
            event.listen(s, name, lambda *_, name=name: seen.append(name))
        s.add(Tag(id=1, name="t"))
        s.flush()
        s.rollback()
    return seen


def session_events_of_objects(r):
    """The mapper's events around the statements of a flush."""
    r.seed(Tag(id=1, name="a"), Tag(id=2, name="b"))
    seen = []
    names = ("before_insert", "after_insert", "before_update", "after_update", "before_delete", "after_delete")
    listeners = [(name, lambda _, __, tag, name=name: seen.append(f"{name} {tag.id}")) for name in names]
    for name, listener in listeners:
        event.listen(Tag, name, listener)
    try:
        with r.session() as s:
            s.get(Tag, 1).name = "changed"
            s.delete(s.get(Tag, 2))
            s.add(Tag(id=3, name="c"))
            s.commit()
    finally:
        for name, listener in listeners:
            event.remove(Tag, name, listener)
    return seen


def session_events_before_flush_adds(r):
    """before_flush may add objects to the flush."""
    r.seed()
    with r.session() as s:

        def audit(session, context, instances):
            session.add_all([Item(id=9, name=f"audit of {o.name}") for o in session.new if isinstance(o, Tag)])

        event.listen(s, "before_flush", audit)
        s.add(Tag(id=1, name="t"))
        s.commit()
    return r.rows(Tag, Item)


def session_events_before_insert_changes_the_row(r):
    """before_insert may change the object's columns."""
    r.seed()

    def shout(mapper, connection, tag):
        tag.name = tag.name.upper()

    event.listen(Tag, "before_insert", shout)
    try:
        with r.session() as s:
            s.add(Tag(id=1, name="t"))
            s.commit()
    finally:
        event.remove(Tag, "before_insert", shout)
    return r.rows(Tag)


def session_events_error_aborts_the_flush(r):
    """A listener that raises: nothing is written, and a rollback is needed."""
    r.seed()
    with r.session() as s:

        def refuse(session, context, instances):
            raise ValueError("refused")

        event.listen(s, "before_flush", refuse)
        s.add(Tag(id=1, name="t"))
        first = error(s.flush)
        s.rollback()
        return [first, r.rows(Tag)]


def session_events_execute_adds_criteria(r):
    """do_orm_execute with with_loader_criteria filters every SELECT of the entity."""
    r.seed(Tag(id=1, name="a"), Tag(id=2, name="b"))
    with r.session() as s:

        def only_a(state):
            state.statement = state.statement.options(with_loader_criteria(Tag, Tag.name == "a"))

        event.listen(s, "do_orm_execute", only_a)
        return s.scalars(select(Tag.name)).all()


def bulk_insert_returning_columns(r):
    """Columns of the new rows instead of objects."""
    r.seed()
    with r.session() as s:
        rows = s.execute(insert(User).returning(User.id, User.name, sort_by_parameter_order=True), [{"name": "a"}, {"name": "b"}]).all()
        return [list(row) for row in rows]


def bulk_insert_defaults(r):
    """Client-side defaults take part, server defaults are the database's."""
    r.seed()
    with r.session() as s:
        s.execute(insert(Stamp), [{"id": 1, "a": "x"}, {"id": 2, "a": "y"}])
        s.commit()
    return r.rows(Stamp)


def bulk_upsert_updates(r):
    """INSERT … ON CONFLICT DO UPDATE."""
    r.seed(Item(id=1, name="t"))
    with r.session() as s:
        stmt = upsert(Item).values([{"id": 1, "name": "new"}, {"id": 2, "name": "two"}])
        s.execute(stmt.on_conflict_do_update(index_elements=[Item.id], set_={"name": stmt.excluded.name}))
        s.commit()
    return r.rows(Item)


def bulk_upsert_does_nothing(r):
    """INSERT … ON CONFLICT DO NOTHING."""
    r.seed(Tag(id=1, name="t"))
    with r.session() as s:
        s.execute(upsert(Tag).values([{"id": 5, "name": "t"}, {"id": 6, "name": "u"}]).on_conflict_do_nothing())
        s.commit()
    return r.rows(Tag)


def bulk_upsert_returning_objects(r):
    """RETURNING of an upsert overwrites what the session holds, with populate_existing."""
    r.seed(Item(id=1, name="t"))
    with r.session() as s:
        held = s.get(Item, 1)
        stmt = upsert(Item).values([{"id": 1, "name": "new"}])
        stmt = stmt.on_conflict_do_update(index_elements=[Item.id], set_={"name": stmt.excluded.name}).returning(Item)
        got = s.scalars(stmt, execution_options={"populate_existing": True}).one()
        return [got is held, held.name]


def bulk_update_by_primary_key_changes_loaded_objects(r):
    """Objects of the session get the values."""
    r.seed(alice(), bob())
    with r.session() as s:
        a, b = s.get(User, 1), s.get(User, 2)
        s.execute(update(User), [{"id": 1, "name": "x"}, {"id": 2, "name": "y"}])
        return [a.name, b.name]


def bulk_update_with_expression(r):
    """An SQL expression is computed by the database; loaded objects follow."""
    r.seed(Account(id=1, owner="o", cents=5), Account(id=2, owner="p", cents=6))
    with r.session() as s:
        x = s.get(Account, 1)
        s.execute(update(Account).where(Account.id == 1).values(cents=Account.cents + 10))
        return x.cents


def bulk_delete_without_objects(r):
    """delete() of rows that the session does not hold."""
    r.seed(Item(id=1, name="a"), Item(id=2, name="b"), Item(id=3, name="c"))
    with r.session() as s:
        n = s.execute(delete(Item).where(Item.id < 3)).rowcount
        s.commit()
    return {"n": n} | r.rows(Item)


def bulk_insert_then_query_gives_objects(r):
    """What was inserted in bulk is found by queries."""
    r.seed()
    with r.session() as s:
        s.execute(insert(Tag), [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}])
        return [t.name for t in s.scalars(select(Tag).order_by(Tag.id))]


def no_autoflush_then_again(r):
    """Behind the block, queries flush again."""
    r.seed()
    with r.session() as s:
        s.add(Tag(id=1, name="x"))
        with s.no_autoflush:
            within = s.scalars(select(Tag.name)).all()
        return [within, s.scalars(select(Tag.name)).all()]
