"""Who calls a definition and what it calls, asked of the server."""

import pytest

from raw_client import Failed

SHAPES = """\
class Shape:
    def area(self):
        raise NotImplementedError


class Square(Shape):
    def area(self):
        return 4


class Circle(Shape):
    def area(self):
        return 3


def total(shapes):
    return sum(shape.area() for shape in shapes)


def painted(square: Square):
    return square.area() * 2
"""


def names(answer):
    return [result["qualified_name"] for result in answer["results"]]


def at_name(reading, path, text, name):
    """The place of a name in the first line that holds a text."""
    lines = (reading.root / path).read_text().splitlines()
    line = next(number for number, each in enumerate(lines) if text in each)
    return {
        "uri": (reading.root / path).as_uri(),
        "position": {"line": line, "character": lines[line].index(name) + 2},
    }


@pytest.mark.parametrize("way", ["command", "request"])
def test_callers_of_a_name_are_the_definitions_that_call_it_shown_by_the_call(reading, way):
    ask, name = (
        (reading.command, "wherein.callers") if way == "command" else (reading.request, "wherein/callers")
    )
    answer = ask(name, {"symbol": "charge_card"})
    (found,) = answer["results"]
    assert (found["qualified_name"], found["path"]) == ("Cart.checkout", "shop/cart.py")
    assert found["title"].strip() == "return charge_card(card, sum(item.price for item in self.items))"
    span = {"start": {"line": 13, "character": 15}, "end": {"line": 13, "character": 26}}
    assert found["matches"] == [span]
    assert found["call"] == {
        "name": "charge_card",
        "location": {"uri": (reading.root / "shop/cart.py").as_uri(), "range": span},
    }
    assert answer["target"] == "charge_card"
    (definition,) = answer["definitions"]
    assert (definition["path"], definition["location"]["range"]["start"]["line"]) == ("shop/payment.py", 7)
    assert answer["notes"] == []
    assert answer["index"]["complete"] is True


def test_callees_are_the_definitions_that_are_called_with_the_place_of_the_call(reading):
    answer = reading.command("wherein.callees", {"symbol": "Cart.checkout"})
    (found,) = answer["results"]
    assert (found["qualified_name"], found["title"]) == ("charge_card", "def charge_card(card, amount):")
    assert found["call"]["location"]["uri"] == (reading.root / "shop/cart.py").as_uri()
    assert found["call"]["location"]["range"]["start"] == {"line": 13, "character": 15}


def test_a_position_means_the_call_at_it_or_the_name_or_the_definition_around_it(reading):
    def callers(path, text, name):
        answer = reading.command("wherein.callers", at_name(reading, path, text, name))
        return answer["target"], names(answer)

    called = ("charge_card", ["Cart.checkout"])
    assert callers("shop/cart.py", "return charge_card", "charge_card") == called
    assert callers("shop/cart.py", "import charge_card", "charge_card") == called
    assert callers("shop/payment.py", "def charge_card", "charge_card") == called
    assert callers("shop/payment.py", "receipt = card", "receipt") == called
    assert callers("shop/payment.py", "receipt = card", " = ") == called
    assert callers("shop/payment.py", "raise CardDeclined", "CardDeclined") == (
        "CardDeclined",
        ["charge_card"],
    )
    answer = reading.command("wherein.callees", reading.at("shop/cart.py", 13))
    assert (answer["target"], names(answer)) == ("Cart.checkout", ["charge_card"])


def test_that_nothing_calls_it_is_said_in_words(reading):
    answer = reading.command("wherein.callers", {"symbol": "refund"})
    assert answer["results"] == []
    assert answer["notes"] == ["Nothing in the repository is known to call refund."]
    answer = reading.command("wherein.callees", {"symbol": "CardDeclined"})
    assert answer["notes"] == ["CardDeclined is not known to call anything in the repository."]
    answer = reading.command("wherein.callees", reading.at("README.md", 7))
    assert answer["notes"] == ["Calls cannot be found in markdown."]
    with pytest.raises(Failed, match=r"Line 1 of shop/cart\.py is in no definition") as failed:
        reading.command("wherein.callers", reading.at("shop/cart.py", 1))
    assert failed.value.code == -32602


def test_a_name_that_nothing_defines_is_an_error_without_a_command_of_the_terminal(reading):
    with pytest.raises(Failed, match="Nothing in the index defines no_such_thing") as failed:
        reading.command("wherein.callers", {"symbol": "no_such_thing"})
    assert failed.value.code == -32602
    assert "remedy" not in failed.value.data


def test_possible_callers_and_several_definitions_of_a_name_are_said(start, make_repo):
    place = make_repo("shapes")
    place.write("shapes.py", SHAPES)
    client = start()
    client.initialize(place.root)
    client.indexed()
    answer = client.command("wherein.callers", {"symbol": "Square.area"})
    sure, possible = answer["results"]
    assert (sure["qualified_name"], sure["call"].get("through")) == ("painted", None)
    assert (possible["qualified_name"], possible["call"]["through"]) == ("total", "Shape.area")
    assert answer["notes"] == ["Possibly, because Shape.area is called there: shapes.py:17"]
    assert answer["more"] is False
    for request, asked in (("callers", {"symbol": "Square.area"}), ("symbol", {"name": "area"})):
        answer = client.command(f"wherein.{request}", asked | {"limit": 1})
        assert (len(answer["results"]), answer["more"]) == (1, True)
    answer = client.command("wherein.callers", {"symbol": "area"})
    assert [each["qualified_name"] for each in answer["definitions"]] == [
        "Shape.area",
        "Square.area",
        "Circle.area",
    ]
    assert any("area is defined more than once" in note for note in answer["notes"])


def test_calls_are_where_the_editor_has_them_in_unsaved_changes(client, shop):
    file = shop.root / "shop/cart.py"
    document = {"uri": file.as_uri(), "languageId": "python", "version": 1}
    document["text"] = "# new\n\n" + file.read_text()
    client.notify("textDocument/didOpen", {"textDocument": document})
    (found,) = client.command("wherein.callers", {"symbol": "charge_card"})["results"]
    assert found["call"]["location"]["range"]["start"] == {"line": 15, "character": 15}
    place = {"uri": file.as_uri(), "position": {"line": 15, "character": 17}}
    assert client.command("wherein.callers", place)["target"] == "charge_card"


@pytest.mark.parametrize("question", ["callers", "callees", "related", "explain"])
def test_of_a_file_that_is_not_indexed_the_answer_says_why(client, shop, question):
    shop.write(".gitignore", "built/\n")
    shop.write("built/app.py", "def app():\n    pass\n")
    place = {"uri": (shop.root / "built/app.py").as_uri(), "position": {"line": 0, "character": 5}}
    with pytest.raises(Failed, match=r"built/app\.py .*\.gitignore") as failed:
        client.command(f"wherein.{question}", place)
    assert failed.value.code == -32602
    assert "wherein files" not in f"{failed.value.message} {failed.value.data}"
