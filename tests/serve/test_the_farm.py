"""The farm of the store, as the page is told of it."""

from redis_servers import RedisServer
from wherein.config.settings import Settings
from wherein_server.farm.farm import open_farm
from wherein_server.farm.farmfile import FarmFile
from wherein_server.serve.access import Access


def test_a_farm_is_shown_with_the_repositories_that_one_may_see(start, tmp_path):
    with RedisServer() as store:
        settings = Settings(data_dir=tmp_path / "data", store=store.url)
        farm = open_farm(settings, FarmFile())
        for name in ("github.com/acme/shop", "github.com/secret/vault"):
            farm.ledger.add(name, f"https://{name}")
        failing = farm.ledger.named("github.com/acme/shop")
        farm.ledger.want(failing, "1" * 40, "main", "push")
        farm.ledger.noted(failing, "gone", "The repository is not there any more.")
        server = start(tmp_path, "--login", WHEREIN_STORE=store.url, WHEREIN_DATA_DIR=str(tmp_path / "data"))
        _, mine = Access(tmp_path / "data").new_token("acme", ["*/acme/*"])
        headers = {"Authorization": f"Bearer {mine}"}
        assert server.ask("/api/v1/me", headers=headers)[2]["farm"] is True
        status, _, told = server.ask("/api/v1/farm", headers=headers)
        assert status == 200, told
        assert told["states"]["failed"] == 1
        assert sum(told["states"].values()) == 1
        (trouble,) = told["troubled"]
        assert (trouble["repository"], trouble["state"]) == ("github.com/acme/shop", "failed")
        assert trouble["reason"] == "The repository is not there any more."
        assert "vault" not in str(told)
        assert (told["workers"], told["scheduler"]) == (0, False)
        farm.ledger.client.close()
        server.stop()


def test_without_a_farm_there_is_none(served):
    assert served.get("me")["farm"] is False
    status, _, answer = served.ask("/api/v1/farm")
    assert (status, answer["error"]["message"]) == (400, "There is no farm for this store.")
