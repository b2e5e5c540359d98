"""Questions in other languages than English are read as English ones."""

import tomllib
from importlib.resources import files

import pytest

import wherein
from wherein.config.settings import Settings
from wherein.search.foreign.english import in_english
from wherein.search.query import parse

DATA = files("wherein.search.foreign")
CODES = ("ar", "es", "fr", "hi", "zh")


@pytest.mark.parametrize(
    ("question", "english"),
    [
        ("¿Dónde se siguen las redirecciones?", "where follow redirect"),
        ("donde se comprueba la contrasena del usuario", "where check password user"),
        ("contraseña", "password"),
        ("où est vérifié le mot de passe de l\u2019utilisateur", "where check password user"),
        ("comment `parse_args` lit-il les fichiers", "how parse_args read file"),
        ("在哪里处理重定向", "where handle redirect"),
        ("处理身份验证错误并返回401的函数", "handle authentication error return 401 function"),
        ("पासवर्ड कहाँ जाँचा जाता है", "password where check"),
        ("أين يتم التحقق من كلمة المرور", "where validate password"),
    ],
)
def test_words_of_other_languages_are_looked_for_in_english(question, english):
    words = parse(question).words
    assert [word for word in english.replace("_", " ").split() if word not in words] == []


@pytest.mark.parametrize(
    "text",
    [
        "where are redirects followed",
        "parse the de facto la format",
        "naïve retry",
        "resolve_redirects",
        'raise "Demasiadas redirecciones"',
        "un_la_de",
        "",
    ],
)
def test_english_and_names_stay_as_they_are(text):
    assert in_english(text) == text


def test_names_paths_and_quotes_in_a_foreign_question_stay():
    text = 'dónde se usa la clase `Sesión` de src/red/archivo.py con "el archivo" y miArchivo'
    for kept in ("`Sesión`", "src/red/archivo.py", '"el archivo"', "miArchivo"):
        assert kept in in_english(text)
    assert "class" in in_english(text)


@pytest.mark.parametrize("code", CODES)
def test_every_language_knows_the_same_things_and_reads_each_of_its_words(code):
    data = tomllib.loads(DATA.joinpath(f"{code}.toml").read_text("utf-8"))
    others = [
        set(tomllib.loads(DATA.joinpath(f"{each}.toml").read_text("utf-8"))["words"].values())
        for each in CODES
    ]
    assert set(data["words"].values()) >= set.intersection(*others)
    assert len(set(data["words"].values())) > 200
    signs = tomllib.loads(DATA.joinpath("languages.toml").read_text("utf-8"))
    sign = "" if code in signs["script"] else signs["words"][code].rpartition("cuando")[0] or "les dans une"
    for word, english in data["words"].items():
        assert english.split()[0] in in_english(f"{sign} {word}").split(), word


def test_a_text_of_many_words_and_signs_is_read():
    long = "la contraseña del usuario " * 2_000 + "密码" * 5_000 + "a->" * 5_000 + '"' * 999
    assert "password" in in_english(long)


@pytest.mark.parametrize(
    ("comment", "question"),
    [
        ("读取配置文件", "在哪里读取配置"),
        ("पासवर्ड की जाँच", "पासवर्ड कहाँ जाँचा जाता है"),
        ("التحقق من كلمة المرور", "أين يتم التحقق من كلمة المرور"),
        ("Comprueba la contraseña.", "dónde se comprueba la contraseña"),
        ("Vérifie la connexion.", "où est vérifiée la connexion"),
    ],
)
def test_a_comment_in_the_language_of_a_question_is_found(tmp_path, comment, question):
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "a.py").write_text(
        f'def zz():\n    """{comment}"""\n    return 1\n\n\ndef other():\n    pass\n'
    )
    with wherein.open_index(tmp_path / "code", settings=Settings(data_dir=tmp_path / "data")) as index:
        index.update()
        assert [hit.symbol for hit in index.search(question, limit=1)] == ["zz"]
