"""The database of the boards: where it is, how it is opened, and what its errors mean.

SQLite in write-ahead mode: readers never wait, one writer at a time, and what was committed survives a killed process
(``synchronous=FULL``: a power cut too). Not for a network drive; for several machines use PostgreSQL.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from platformdirs import user_data_path
from sqlalchemy import URL, Connection, Engine, create_engine, event, func, insert, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase

from mpsr.boards.tables import SCHEMA, Base, SchemaRow
from mpsr.boards.types import BoardsError
from mpsr.errors import InputError

#: How long a writer waits for another one, in milliseconds.
WAIT = 15_000

#: With the first variable set nothing can be changed by visitors, with the second no boards.
READ_ONLY, BOARDS_READ_ONLY = "MPSR_READ_ONLY", "MPSR_BOARDS_READ_ONLY"

#: What such a variable holds when it is off.
OFF = frozenset({"", "0", "false", "no", "off"})

#: The number of PostgreSQL's advisory lock under which the tables are made; any number nobody else uses.
OPENING = 0x6D707372

EXPECTED = "Expected sqlite:////path/to/boards.sqlite or postgresql+psycopg://user:password@host/database"


def is_on(variable: str) -> bool:
    """Whether a variable of the environment is set to something that is not a no."""
    return os.environ.get(variable, "").strip().lower() not in OFF


def read_only() -> bool:
    """Whether boards and events can be seen here and not changed."""
    return is_on(READ_ONLY) or is_on(BOARDS_READ_ONLY)


class Database:
    """An open database with the tables in it. Safe to share between threads."""

    #: What it holds and the variable that says where it is, for messages; its tables and their schema.
    what: ClassVar[str] = "boards"
    variable: ClassVar[str] = "MPSR_BOARDS_URL"
    tables: ClassVar[type[DeclarativeBase]] = Base
    schema_row: ClassVar[type[SchemaRow | Any]] = SchemaRow
    schema: ClassVar[int] = SCHEMA

    def __init__(self, url: str | None = None) -> None:
        """Open the database at ``url``, making file and tables where there are none.

        Raises:
            InputError: the URL is no database's, or its driver is not installed.
            BoardsError: it cannot be opened, is no database, or belongs to a newer version.
        """
        self.url = _parse(url or self.default_url(), self.variable)
        self.name, self.read_only = _name_of(self.url), read_only()
        self._engine = self._connect()
        self._writer = self._engine.execution_options(writes=True)
        self._reader = self._engine
        if self.url.get_backend_name() == "postgresql":
            self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ")
        self._file: tuple[int, int] | None = None
        with self.reading() if self.read_only else self.writing() as connection:
            self._check_schema(connection)
        self._file = self._file_now()

    @classmethod
    def default_url(cls) -> str:
        """Where it is unless told otherwise: what the variable says, else a file in the user's data folder."""
        told = os.environ.get(cls.variable)
        return told or f"sqlite:///{user_data_path('mpsr') / f'{cls.what}.sqlite'}"

    def _connect(self) -> Engine:
        try:
            if self.url.get_backend_name() != "sqlite":
                return create_engine(self.url, pool_pre_ping=True)
            path = Path(str(self.url.database))
            if not self.read_only:
                path.parent.mkdir(parents=True, exist_ok=True)
            url = f"sqlite:///file:{quote(str(path))}?mode=ro&uri=true" if self.read_only else self.url
            engine = create_engine(url, connect_args={"timeout": WAIT / 1000})
        except (NoSuchModuleError, ModuleNotFoundError) as error:
            raise InputError(
                f"{self.name} needs a driver that is missing ({error}). For PostgreSQL: pip install 'mpsr[postgres]'"
            ) from error
        except OSError as error:
            raise BoardsError(f"no folder for {self.name} ({error}). Set {self.variable}.") from error
        if not self.read_only:
            event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _check_schema(self, connection: Connection) -> None:
        if self.url.get_backend_name() == "postgresql" and not self.read_only:
            # Two that open a new database at once make one set of tables.
            connection.execute(select(func.pg_advisory_xact_lock(OPENING)))
        there = inspect(connection).has_table(self.schema_row.__tablename__)
        if not there and self.read_only:
            raise BoardsError(
                f"{self.name} holds no {self.what} yet, and they can only be read here ({_set()}), so none can be made."
            )
        if not there:
            self.tables.metadata.create_all(connection)
            connection.execute(insert(self.schema_row).values(id=1, version=self.schema))
        found = connection.scalar(select(self.schema_row.version).where(self.schema_row.id == 1))
        if found != self.schema:
            raise BoardsError(
                f"the {self.what} in {self.name} have schema {found}; this version of MPSR reads schema "
                f"{self.schema}. Update MPSR, or set {self.variable} to another database."
            )

    def _file_now(self) -> tuple[int, int] | None:
        """Which file has the database's name now; None where it is in no file, or there is none."""
        if self.url.get_backend_name() != "sqlite":
            return None
        try:
            found = Path(str(self.url.database)).stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _check_file(self) -> None:
        """Go on with the file that has the name now: SQLite itself goes on with one that was removed, and all is lost.

        Raises:
            BoardsError: there is none.
        """
        if self._file is None:
            return
        now = self._file_now()
        if now is None:
            raise BoardsError(
                f"{self.name} was moved or removed while it was open. Nothing was changed. Put it back, or start again "
                "to begin with a new file."
            )
        if now != self._file:
            self._engine.dispose()
            self._file = now

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A short transaction that sees one state of everything."""
        self._check_file()
        with self._explained(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A short transaction that changes all it changes or nothing; on SQLite the only one at its time.

        Raises:
            BoardsError: the boards may only be read here.
        """
        if self.read_only:
            raise BoardsError(f"the {self.what} can only be read here ({_set()}). Nothing was changed.")
        self._check_file()
        with self._explained(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise BoardsError(
                f"the {self.what} in {self.name}: "
                f"{self._without_secrets(_meaning(str(error.orig), self.variable))}"
            ) from error
        except SQLAlchemyError as error:
            raise BoardsError(
                f"the {self.what} in {self.name} cannot be reached ({self._without_secrets(str(error))})."
            ) from error
        except (ValueError, TypeError, LookupError, OverflowError) as error:
            raise BoardsError(
                f"the {self.what} in {self.name} hold something that cannot be read ({type(error).__name__}). Restore "
                f"a backup, or set {self.variable} to another database."
            ) from error

    def _without_secrets(self, text: str) -> str:
        """A driver's message without what the address holds beside scheme and host."""
        words = [self.url.password, *(v for value in self.url.query.values() for v in _texts(value))]
        for word in sorted({str(word) for word in words if word}, key=len, reverse=True):
            text = text.replace(word, "…")
        return " ".join(text.split())

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def _name_of(url: URL) -> str:
    """What to call a database on screens: a file by its path, a server by scheme and host; the rest may be secret."""
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{url.database}"
    return f"{url.drivername}://{url.host or ''}"


def _set() -> str:
    return f"{READ_ONLY if is_on(READ_ONLY) else BOARDS_READ_ONLY} is set"


def _texts(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _parse(text: str, variable: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise InputError(f"{variable} is not the address of a database. {EXPECTED}") from error
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise InputError(f"{variable} names {url.get_backend_name()!r}. {EXPECTED}")
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise InputError(f"an in-memory database would be lost when the process ends. {EXPECTED}")
    return url


def _prepare_sqlite(connection: Any, _: object) -> None:
    """Each new connection: transactions are begun by us, and foreign keys hold."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={WAIT}", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the write lock at once: taken later, it could find that others wrote since it read."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _meaning(message: str, variable: str) -> str:
    """What a database's complaint means for the user."""
    known = {
        "locked": "another program has locked the file. Try again, or close that program.",
        "full": "the disk is full. Free some space and try again.",
        "readonly": f"no permission to write there. Set {variable} to a place you can write to.",
        "unable to open": f"the file cannot be opened. Check the folder, or set {variable}.",
        "not a database": f"that file is not a database. Move it, or set {variable}.",
        "malformed": f"the file is damaged. Restore a backup, or set {variable} to a new file.",
    }
    meant = next((text for sign, text in known.items() if sign in message), "")
    return f"{meant} ({message})" if meant else message


def boards_url() -> str:
    """Where the boards are: ``MPSR_BOARDS_URL``, else a file in the user's data folder."""
    return Database.default_url()
