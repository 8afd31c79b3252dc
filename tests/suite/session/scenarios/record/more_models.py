"""What the families of `models.py` have not: a relationship to read only, deletes left to the database altogether, keys carried by the
session, a child of two parents."""

from __future__ import annotations

from typing import Optional

from models import Base
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship


class Shelf(Base):
    __tablename__ = "shelf"
    id: Mapped[int] = mapped_column(primary_key=True)
    books: Mapped[list[Book]] = relationship(passive_deletes="all", order_by="Book.id")
    watched: Mapped[list[Book]] = relationship(viewonly=True, order_by="Book.id")


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    shelf_id: Mapped[Optional[int]] = mapped_column(ForeignKey("shelf.id", ondelete="SET NULL"))


class Country(Base):
    __tablename__ = "country"
    code: Mapped[str] = mapped_column(primary_key=True)
    cities: Mapped[list[City]] = relationship(back_populates="country", passive_updates=False, order_by="City.id")


class City(Base):
    __tablename__ = "city"
    id: Mapped[int] = mapped_column(primary_key=True)
    country_code: Mapped[Optional[str]] = mapped_column(ForeignKey("country.code", deferrable=True, initially="DEFERRED"))
    country: Mapped[Optional[Country]] = relationship(back_populates="cities")


class Author(Base):
    __tablename__ = "author"
    id: Mapped[int] = mapped_column(primary_key=True)
    works: Mapped[list[Work]] = relationship(back_populates="author", cascade="all, delete-orphan", order_by="Work.id")


class Press(Base):
    __tablename__ = "press"
    id: Mapped[int] = mapped_column(primary_key=True)
    works: Mapped[list[Work]] = relationship(back_populates="press", cascade="all, delete-orphan", order_by="Work.id")


class Work(Base):
    __tablename__ = "work"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    press_id: Mapped[int] = mapped_column(ForeignKey("press.id"))
    author: Mapped[Author] = relationship(back_populates="works")
    press: Mapped[Press] = relationship(back_populates="works")


class Staff(Base):
    __tablename__ = "staff"
    id: Mapped[int] = mapped_column(primary_key=True)
    buddy_id: Mapped[Optional[int]] = mapped_column(ForeignKey("staff.id"))
    buddy: Mapped[Optional[Staff]] = relationship(remote_side=[id], post_update=True)
