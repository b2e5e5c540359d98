from textwrap import dedent

from linear_time import assert_linear, repeated
from wherein.chunking import chunker
from wherein.languages import registry


def cut(text):
    return chunker.chunk("", dedent(text), registry.get("sql"))


def outline(text):
    return [(chunk.start_line, chunk.end_line, chunk.kind, chunk.qualified_name) for chunk in cut(text)]


def test_what_a_statement_creates_is_its_symbol():
    text = """\
        -- People who may sign in.
        CREATE TABLE IF NOT EXISTS app."User" (
            id int
        );

        create or replace view recent as select 1;
        CREATE UNIQUE INDEX CONCURRENTLY user_idx ON app."User" (id);
        create type [mood] as enum ('ok; fine');
        CREATE MATERIALIZED VIEW stats AS SELECT 1;
        """
    found = cut(text)
    assert [(chunk.kind, chunk.symbol) for chunk in found] == [
        ("table", "User"),
        ("table", "recent"),
        ("text", "user_idx"),
        ("type", "mood"),
        ("table", "stats"),
    ]
    assert found[0].qualified_name == "app.User"
    assert found[0].doc == "People who may sign in."
    assert found[0].signature == 'CREATE TABLE IF NOT EXISTS app."User" ('


def test_altering_a_table_does_not_define_it():
    (only,) = cut("ALTER TABLE users ADD x int;\nINSERT INTO users VALUES (1);\nDROP TABLE a;\n")
    assert only.symbol == ""


def test_a_semicolon_in_a_quoted_body_ends_nothing():
    text = """\
        CREATE FUNCTION add(a int) RETURNS int AS $body$
        BEGIN
          RETURN 'it''s; ' || a; -- ; '
        END;
        $body$ LANGUAGE plpgsql;
        CREATE TABLE t (a text DEFAULT 'x;y', "b;c" int); /* ; */
        """
    assert outline(text) == [(1, 5, "function", "add"), (6, 6, "table", "t")]


def test_a_body_between_begin_and_end_is_one_statement():
    text = """\
        CREATE PROCEDURE refresh()
        BEGIN
          IF a THEN
            SELECT CASE WHEN 1 THEN 2 END;
          END IF;
          SELECT 2;
        END;
        CREATE TRIGGER t AFTER INSERT ON x FOR EACH ROW BEGIN SELECT 1; SELECT 2; END;
        BEGIN;
        SELECT 1;
        COMMIT;
        CREATE TABLE a (b int);
        """
    assert outline(text) == [
        (1, 7, "function", "refresh"),
        (8, 8, "function", "t"),
        (9, 11, "text", ""),
        (12, 12, "table", "a"),
    ]


def test_mysql_delimiters_are_obeyed():
    text = """\
        DELIMITER $$
        CREATE DEFINER=`root`@`%` FUNCTION f() RETURNS int
        BEGIN
          SELECT 1;
          RETURN 2;
        END$$
        CREATE PROCEDURE p() BEGIN SELECT 1; END$$
        DELIMITER ;
        CREATE TABLE t (a int);
        """
    assert [(kind, name) for *_, kind, name in outline(text)] == [
        ("function", "f"),
        ("function", "p"),
        ("table", "t"),
    ]


def test_go_ends_a_batch_even_when_a_body_was_not_understood():
    text = """\
        CREATE PROCEDURE dbo.a AS
        BEGIN
          SELECT 1;
        GO
        CREATE PROCEDURE dbo.b AS SELECT 1
        GO
        """
    assert [name for *_, name in outline(text)] == ["dbo.a", "dbo.b"]


def test_a_go_after_the_end_of_a_statement_has_no_name_of_what_comes_next():
    text = """\
        CREATE TABLE a (
            x int
        );
        GO
        GO

        CREATE TABLE b (
            y int
        );
        """
    assert [name for *_, name in outline(text)] == ["a", "", "b"]


def test_batches_without_a_statement_are_cut_in_linear_time():
    def made(size):
        return repeated("go\n")(size) + "create table a (x int);\n"

    assert_linear(cut, made, size=10_000, quick=0.06)


def test_the_data_of_a_dump_is_not_read_as_sql():
    rows = "".join(f"{n}\tdon't; $$\n" for n in range(5))
    text = f"COPY public.t (a, b) FROM stdin;\n{rows}\\.\n\nCREATE TABLE u (a int);\n"
    assert outline(text) == [(1, 8, "text", ""), (9, 9, "table", "u")]
