"""Runs the programs of `programs.py` (or the `source` of lines of a file of scenarios) on SQLAlchemy, and writes what each sends and
comes to: a line of JSON each.

    pip install sqlalchemy==2.0.49
    python record.py > ../recorded.jsonl
    python record.py --check ../sample.jsonl     # runs the sources of a file again, and tells what differs
"""

import inspect as python
import json
import re
import sys
import textwrap

import models
import more_models
import sqlalchemy
from sqlalchemy import create_engine, event, exc
from sqlalchemy.orm import Session


def connected(connection, _):
    connection.execute("PRAGMA foreign_keys = ON")
    # The driver begins no transaction before a SAVEPOINT unless it is told to leave that to its user.
    connection.isolation_level = None


class Run:
    """What a program gets: a database of its own, sessions on it, and the log of what they send."""

    def __init__(self):
        self.engine = create_engine("sqlite://", poolclass=sqlalchemy.StaticPool)
        self.log = []
        on = lambda name, fn: event.listen(self.engine, name, fn)
        on("connect", connected)
        models.Base.metadata.create_all(self.engine)
        on("begin", self._begin)
        on("commit", lambda _: self.log.append({"sql": "COMMIT"}))
        on("rollback", lambda _: self.log.append({"sql": "ROLLBACK"}))
        on("before_cursor_execute", self._statement)

    def _statement(self, connection, cursor, statement, parameters, context, executemany):
        many = isinstance(parameters, list)
        entry = {"sql": " ".join(statement.split()), "params": plain(parameters)}
        if executemany or many or (context and context.execute_style.name in ("EXECUTEMANY", "INSERTMANYVALUES")):
            entry["executemany"] = True
        self.log.append(entry)

    def _begin(self, connection):
        self.log.append({"sql": "BEGIN", "params": []})
        connection.connection.driver_connection.execute("BEGIN")

    def seed(self, *objects):
        with Session(self.engine) as session:
            session.add_all(objects)
            session.commit()
        self.log.clear()

    def session(self, **options):
        return Session(self.engine, **options)

    def step(self, what):
        self.log.append({"step": what})

    def rows(self, *what):
        held, self.log = self.log, []
        out = {}
        with self.engine.connect() as connection:
            for one in what:
                table = getattr(one, "__table__", one)
                query = table.select().order_by(*table.primary_key.columns)
                out[table.name] = [list(row) for row in connection.execute(query)]
        self.log = held
        return out


def plain(value):
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    return value


def error(call):
    """What a call raises, in words that do not change from run to run."""
    try:
        call()
    except Exception as err:
        return describe(err)
    return None


def describe(err):
    text = re.sub(r"\(Background on this error at: .*", "", str(err))
    text = re.sub(r"<(?:\w+\.)*(\w+) (?:object )?at 0x[0-9a-f]+>", r"<\1>", text)
    text = re.sub(r"session '\d+' \(this is '\d+'\)", "session 'N' (session 'N')", text)
    return f"{type(err).__name__}: " + " ".join(text.split())


def describe_class(text):
    """The class of what was raised alone."""
    return text and text.split(":")[0]


SCOPE = {"error": error, "describe": describe, "describe_class": describe_class}
for module in (sqlalchemy, sqlalchemy.orm, models, more_models):
    SCOPE |= {name: value for name, value in vars(module).items() if not name.startswith("__")}


def alice():
    return models.User(id=1, name="alice", addresses=[models.Address(id=1, email="a1"), models.Address(id=2, email="a2")])


def bob():
    return models.User(id=2, name="bob", addresses=[models.Address(id=3, email="b1")])


from sqlalchemy.orm import attributes, make_transient, make_transient_to_detached  # noqa: E402
from sqlalchemy.dialects.sqlite import insert as upsert  # noqa: E402

SCOPE |= {
    "exc": exc,
    "alice": alice,
    "bob": bob,
    "attributes": attributes,
    "make_transient": make_transient,
    "make_transient_to_detached": make_transient_to_detached,
    "upsert": upsert,
    "event": event,
    "inspect": sqlalchemy.inspect,
    "Session": Session,
}


def run(source):
    scope = dict(SCOPE)
    exec("def program(r):\n" + textwrap.indent(textwrap.dedent(source), "    "), scope)
    r = Run()
    outcome = scope["program"](r)
    return {"log": r.log, "outcome": plain(outcome)}


def programs():
    import programs as module

    for name, program in vars(module).items():
        if python.isfunction(program) and program.__module__ == "programs":
            lines = python.getsource(program).splitlines()
            body = textwrap.dedent("\n".join(line for line in lines[2:]))
            yield {"name": name, "shows": program.__doc__, "source": textwrap.indent(body, "    ")}


def main():
    if sys.argv[1:2] == ["--check"]:
        for line in open(sys.argv[2]):
            scenario = json.loads(line)
            try:
                again = json.loads(json.dumps(run(scenario["source"])))
            except Exception as err:
                again = {"log": [], "outcome": repr(err)}
            for key in ("log", "outcome"):
                if again[key] != scenario[key]:
                    print(f"{scenario['name']}: {key}\n  was {scenario[key]}\n  is  {again[key]}")
        return
    for scenario in programs():
        try:
            print(json.dumps(scenario | run(scenario["source"])))
        except Exception as err:
            print(f"{scenario['name']}: {err!r}", file=sys.stderr)


if __name__ == "__main__":
    main()
