"""Calls of methods that are declared in one place and given in others."""

import pytest

import wherein
from wherein.config.settings import Settings
from wherein.search.calls.declared import declares, made_from

THROUGH = {
    "go": (
        {
            "store.go": "package s\n\ntype Store interface {\n\tLoad(key string) string\n}\n",
            "disk.go": "package s\n\ntype Disk struct{ dir string }\n\n"
            "func (d *Disk) Load(key string) string { return d.dir + key }\n",
            "memory.go": "package s\n\ntype memory struct{}\n\n"
            "func (m memory) Load(key string) string { return key }\n",
            "use.go": 'package s\n\nfunc Show(way Store) string {\n\treturn way.Load("a")\n}\n\n'
            "type Server struct{ backing Store }\n\n"
            'func (s *Server) Serve() string {\n\treturn s.backing.Load("b")\n}\n',
        },
        *("Store.Load", "Disk.Load", ["Show", "Server.Serve"]),
    ),
    "java": (
        {
            "Pay.java": "interface Payment {\n    boolean charge(int amount);\n}\n",
            "Card.java": "class Card implements Payment {\n    public boolean charge(int amount) {\n"
            "        return amount > 1;\n    }\n}\n",
            "Cash.java": "class Cash implements Payment {\n    public boolean charge(int amount) {\n"
            "        return amount > 0;\n    }\n}\n",
            "Till.java": "class Till {\n    private Payment way;\n\n    boolean pay() {\n"
            "        return way.charge(3);\n    }\n}\n",
        },
        *("Payment.charge", "Card.charge", ["Till.pay"]),
    ),
    "typescript": (
        {
            "way.ts": "export interface Notifier {\n  alert(text: string): void;\n}\n",
            "mail.ts": "export class Mail implements Notifier {\n  alert(text: string): void {\n"
            "    deliver(text);\n  }\n}\n",
            "chat.ts": "export class Chat implements Notifier {\n  alert(text: string): void {\n"
            "    say(text);\n  }\n}\n",
            "use.ts": "export function alarm(way: Notifier) {\n  way.alert('fire');\n}\n",
        },
        *("Notifier.alert", "Mail.alert", ["alarm"]),
    ),
    "rust": (
        {
            "lib.rs": "pub trait Shape {\n    fn area(&self) -> f64;\n}\n\npub struct Circle { r: f64 }\n\n"
            "impl Shape for Circle {\n    fn area(&self) -> f64 {\n        self.r\n    }\n}\n\n"
            "pub struct Square { a: f64 }\n\nimpl Shape for Square {\n    fn area(&self) -> f64 {\n"
            "        self.a\n    }\n}\n\npub fn one(thing: &dyn Shape) -> f64 {\n    thing.area()\n}\n",
        },
        *("Shape::area", "Circle::area", ["one"]),
    ),
    "python": (
        {
            "codec.py": "class Codec:\n    def pack(self, text): ...\n",
            "zipped.py": "from codec import Codec\n\n\nclass Zip(Codec):\n    def pack(self, text):\n"
            "        return text\n",
            "plain.py": "from codec import Codec\n\n\nclass Plain(Codec):\n    def pack(self, text):\n"
            "        return text\n",
            "use.py": "def ship(how: Codec, text):\n    return how.pack(text)\n\n\nclass Box:\n"
            "    def __init__(self, how: Codec):\n        self._inner = how\n\n    def close(self, text):\n"
            "        return self._inner.pack(text)\n",
        },
        *("Codec.pack", "Zip.pack", ["ship", "Box.close"]),
    ),
    "csharp": (
        {
            "Clock.cs": "public interface IClock\n{\n    long Ticks();\n}\n",
            "Wall.cs": "public class Wall : IClock\n{\n    public long Ticks() { return 1; }\n}\n",
            "Fake.cs": "public class Still : IClock\n{\n    public long Ticks() { return 2; }\n}\n",
            "Alarm.cs": "public class Alarm\n{\n    private readonly IClock _clock;\n\n"
            "    public bool Due(long when) { return _clock.Ticks() > when; }\n}\n",
        },
        *("IClock.Ticks", "Wall.Ticks", ["Alarm.Due"]),
    ),
}


@pytest.mark.parametrize("language", THROUGH)
def test_calls_through_an_interface_are_calls_of_its_method_and_may_be_of_who_implements_it(
    repo, data_dir, language
):
    files, asked, implementing, callers = THROUGH[language]
    repo.commit(files)
    with wherein.open_index(repo.root, settings=Settings(data_dir=data_dir)) as index:
        index.update(processes=0)
        (own,) = index.callers_of(asked)
        assert [call.hit.qualified_name for call in own.calls] == callers
        assert {call.through for call in own.calls} == {""}
        (possible,) = index.callers_of(implementing)
        assert [call.hit.qualified_name for call in possible.calls] == callers
        assert {call.through for call in possible.calls} == {asked}


def test_calls_that_surely_mean_a_method_come_before_those_that_may(repo, data_dir):
    files, _, _, callers = THROUGH["python"]
    repo.commit(files | {"sure.py": "def sure(coat: Zip):\n    coat.pack(1)\n"})
    with wherein.open_index(repo.root, settings=Settings(data_dir=data_dir)) as index:
        index.update(processes=0)
        (found,) = index.callers_of("Zip.pack")
        assert [call.hit.qualified_name for call in found.calls] == ["sure", *callers]
        assert [bool(call.through) for call in found.calls] == [False, True, True]


OVERRIDING = {
    "python": (
        "shop.py",
        "class Base:\n    def save(self):\n        return 1\n\n\nclass Child(Base):\n    def save(self):\n"
        "        return 2\n\n\ndef keep(child: Child):\n    child.save()\n",
        *("Base.save", "Child.save"),
    ),
    "typescript": (
        "shop.ts",
        "class Base {\n  save() {\n    return one();\n  }\n}\n\nclass Child extends Base {\n  save() {\n"
        "    return two();\n  }\n}\n\nfunction keep(child: Child) {\n  child.save();\n}\n",
        *("Base.save", "Child.save"),
    ),
    "rust": (
        "lib.rs",
        "pub trait Store {\n    fn save(&self) -> u8 {\n        1\n    }\n}\n\npub struct Redis {}\n\n"
        "impl Store for Redis {\n    fn save(&self) -> u8 {\n        2\n    }\n}\n\n"
        "pub fn keep(child: &Redis) -> u8 {\n    child.save()\n}\n",
        *("Store::save", "Redis::save"),
    ),
}


@pytest.mark.parametrize("language", OVERRIDING)
def test_calls_of_what_overrides_a_method_are_no_calls_of_that_method(repo, data_dir, language):
    path, text, above, below = OVERRIDING[language]
    repo.commit({path: text})
    with wherein.open_index(repo.root, settings=Settings(data_dir=data_dir)) as index:
        index.update(processes=0)
        (own,) = index.callers_of(below)
        assert [(call.hit.qualified_name, call.through) for call in own.calls] == [("keep", "")]
        (found,) = index.callers_of(above)
        assert found.calls == []


def test_a_parameter_is_what_its_function_says_whatever_others_call_so(repo, data_dir):
    repo.commit(
        {
            "cord.cc": "void Cord::add(const Cord& src) {\n  use(src.room());\n}\n\n"
            "void Cord::add(string_view src) {\n  other(src.room());\n}\n\n"
            "int Cord::room() const {\n  return 1;\n}\n",
            "view.cc": "int View::room() const {\n  return 2;\n}\n",
        }
    )
    with wherein.open_index(repo.root, settings=Settings(data_dir=data_dir)) as index:
        index.update(processes=0)
        (found,) = index.callers_of("Cord::room")
        assert [call.line for call in found.calls] == [2]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("def f(ctx: Context): ...", True),
        ("def f(ctx: 'click.Context | None' = None): ...", True),
        ("void f(Context ctx) {", True),
        ("final List<Context> ctx;", False),
        ("func f(ctx *web.Context) {", True),
        ("let ctx = Context::new();", True),
        ("ctx := &Context{}", True),
        ("const ctx = new Context()", True),
        ("self.ctx = given\ndef f(given: Context): ...", True),
        ("def f(ctx): return Context", False),
        ("Contexts ctx;", False),
        ("context: Context\nactx: Context", False),
    ],
)
def test_a_declared_type_is_told_from_how_it_is_written(text, says):
    assert declares(text, "ctx", "Context") == says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("class Disk(Base, Store):\n    pass", True),
        ("class Disk\n    extends Base\n    implements Store {", True),
        ("impl Store for Disk {", True),
        ("public class Disk : IDisposable,\n    Store\n{", True),
        ("class Disk < Store\n", True),
        ("class Disk:\n    store = Store()", False),
        ("class Store {}\nclass Disk {}", False),
        ("class DiskStore(Store):", False),
        ("class EXPORT(x) web::Disk : public Store {", True),
        ("impl<T: Clone> Store for web::Disk<T> {", True),
        ("instance (Eq a) => Store (Disk a) where", True),
        ("instance Disk Store where", False),
        ("instance (Eq a) => Disk (Store a) where", False),
        ("class Store(Disk):\n    pass", False),
        ("class Store\n    extends Disk {", False),
        ("public class Store : Disk {", False),
        ("class Store < Disk\n", False),
        ("data class Store(val size: Int) : Disk {", False),
        ("type Store = Disk & { size: number }", False),
        ("trait Store: Disk {", False),
        ("impl Disk for Store {", False),
        ("impl<T: Store> Disk<T> {", False),
        ("class Both implements Disk, Store {", False),
        ("class Store::Disk < Base\n", False),
        ("@Store class Disk {", False),
    ],
)
def test_what_a_class_is_made_from_is_told_from_its_head(text, says):
    assert made_from(text, "Disk", "Store") == says


def test_long_texts_of_nothing_but_names_take_no_long_time():
    assert not declares("Context ctx1 " * 50_000, "ctx", "Context")
    assert not declares(("ctx " * 100 + "Context\n") * 2_000, "ctx", "Contexts")
    made_from("class Disk " * 50_000 + " Store", "Disk", "Store")
    for piece in ("class ", "class ::", "class () ", "impl for ", "instance a ", "instance => "):
        made_from((piece * 100 + " Disk Store\n") * 2_000, "Disk", "Store")
        made_from((piece * 100 + " Disks Store\n") * 2_000, "Disk", "Store")
