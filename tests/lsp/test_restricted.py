"""A client that says `restricted` is served without a word of the folders that it does not trust."""

import pytest

OWN = """\
[index]
name = "somebody/else"
exclude = ["shop/payment.py"]
[search]
limit = 1
"""
SECTION = {"search": {"limit": 2}, "index": {"exclude": ["shop/cart.py"]}}


def session(start, shop, **options):
    client = start()
    client.settings = SECTION
    client.initialize(shop.root, initializationOptions=options)
    client.indexed()
    answer = client.command("wherein.search", {"query": "charge a card and pay for the cart"})
    return {each["path"] for each in answer["results"]}, len(answer["results"]), answer["index"]["repository"]


@pytest.mark.parametrize("restricted", [False, None, True, "yes"])
def test_what_folders_set_counts_only_without_restrictions(start, shop, restricted):
    shop.write(".wherein.toml", OWN)
    paths, count, name = session(start, shop, restricted=restricted)
    if restricted:
        assert {"shop/cart.py", "shop/payment.py"} <= paths
        assert count > 2
        assert name != "somebody/else"
    else:
        assert not {"shop/cart.py", "shop/payment.py"} <= paths
        assert count <= 2


def test_the_user_s_own_settings_still_count(start, shop):
    paths, count, _ = session(
        start, shop, restricted=True, search={"limit": 3}, index={"exclude": ["README.md"]}
    )
    assert count == 3
    assert "README.md" not in paths
