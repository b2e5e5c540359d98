"""git's hooks and what changed on a branch, asked for in the editor."""

import subprocess

import pytest

from raw_client import Failed


def git(root, *arguments):
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout


def test_hooks_are_installed_looked_at_and_taken_out(client, shop):
    before = (shop.root / ".git/config").read_text()
    status = client.command("wherein.hook", {"action": "status"})
    assert status["installed"] is False
    assert "wherein hook install" in status["text"]
    planned = client.command("wherein.hook", {"action": "install", "dry": True})
    assert (shop.root / ".git/config").read_text() == before
    assert not any("wherein" in each.read_text() for each in (shop.root / ".git/hooks").glob("*"))
    done = client.command("wherein.hook", {"action": "install", "uri": shop.root.as_uri()})
    assert done["text"] == planned["text"]
    assert all(each["path"] in done["text"] and each["action"] in done["text"] for each in done["changes"])
    assert client.request("wherein/hook", {"action": "status"})["installed"] is True
    assert "already" in client.command("wherein.hook", {"action": "install"})["text"]
    assert client.command("wherein.hook", {"action": "uninstall"})["changes"]
    assert client.command("wherein.hook", {})["installed"] is False
    assert (shop.root / ".git/config").read_text() == before


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ({"action": "remove"}, "'action' must be one of 'status', 'install', 'uninstall'"),
        ({"action": "install", "uri": "file:///nowhere"}, "not in a folder that is open"),
        ({"shared": "yes"}, "'shared'"),
    ],
)
def test_a_wrong_word_for_hooks_is_refused(reading, argument, said):
    with pytest.raises(Failed) as failed:
        reading.command("wherein.hook", argument)
    assert failed.value.code == -32602
    assert said in failed.value.message


def test_which_of_several_repositories_is_meant_must_be_said(start, make_repo):
    one, two = make_repo("one"), make_repo("two")
    for each in (one, two):
        each.commit({"a.py": "def a():\n    return 1\n"})
    client = start()
    client.initialize(one.root, two.root)
    client.indexed()
    with pytest.raises(Failed, match="Several repositories are open") as failed:
        client.command("wherein.hook", {"action": "install"})
    assert "'uri'" in failed.value.data["remedy"]
    client.command("wherein.hook", {"action": "install", "uri": (two.root / "a.py").as_uri()})
    assert client.command("wherein.hook", {"uri": two.root.as_uri()})["installed"] is True
    assert client.command("wherein.hook", {"uri": one.root.as_uri()})["installed"] is False


def test_in_folders_that_are_not_trusted_no_hook_is_changed(start, shop):
    client = start()
    client.initialize(shop.root, initializationOptions={"restricted": True})
    with pytest.raises(Failed, match="not trusted"):
        client.command("wherein.hook", {"action": "install"})
    assert client.command("wherein.hook", {"action": "install", "dry": True})["changes"]


def test_what_changed_is_told_also_where_it_is_asked_before_anything_is_indexed(start, shop):
    shop.write("shop/tip.py", "def tip(receipt):\n    return receipt.tip\n")
    client = start()
    client.initialize(shop.root)
    (changed,) = client.command("wherein.changed", {})["results"]
    assert (changed["symbol"], changed["change"]) == ("tip", "added")


def test_what_changed_on_the_branch_is_told_with_its_places(client, shop):
    git(shop.root, "checkout", "--quiet", "-b", "work")
    payment = shop.root / "shop/payment.py"
    text = payment.read_text()
    shop.write(
        "shop/payment.py", text[: text.index("def refund")] + "def tip(receipt):\n    return receipt.tip\n"
    )
    shop.write("shop/cart.py", (shop.root / "shop/cart.py").read_text().replace("card, sum", "card, 2 * sum"))
    client.command("wherein.reindex")
    answer = client.request("wherein/changed", {"since": "HEAD"})
    told = {(each["change"], each["qualified_name"]): each for each in answer["results"]}
    assert set(told) == {("added", "tip"), ("removed", "refund"), ("changed", "Cart.checkout")}
    assert told["added", "tip"]["location"]["uri"] == payment.as_uri()
    assert told["added", "tip"]["symbolKind"] == 12
    assert told["removed", "refund"]["location"] is None
    assert answer["since"] == {"revision": "HEAD", "commit": git(shop.root, "rev-parse", "HEAD").strip()}
    assert answer["more"] is False
    here = client.command("wherein.changed", {"since": "HEAD", "uri": payment.as_uri(), "here": True})
    assert {each["path"] for each in here["results"]} == {"shop/payment.py"}
    assert client.command("wherein.changed", {"since": "HEAD", "limit": 1})["more"] is True


def test_what_is_no_revision_or_no_git_is_told(client, start, tmp_path):
    with pytest.raises(Failed, match="no-such") as failed:
        client.command("wherein.changed", {"since": "no-such"})
    assert failed.value.code == -32602
    assert "\n" not in failed.value.message
