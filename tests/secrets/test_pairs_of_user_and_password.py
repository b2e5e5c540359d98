"""Passwords beside the name of who they are of: in pairs, in lists of Lisps, in files of mail servers."""

import pytest

from linear_time import assert_linear, repeated
from wherein.secrets.files import secret_names
from wherein.secrets.find import find
from wherein.secrets.mask import mask

PAIRS = {
    "python": [
        'requests.get(url, auth=("me", "{}"))',
        "s.auth = ('me@x.org', '{}')",
        'auth=HTTPBasicAuth("me", "{}")',
        'Elasticsearch(url, basic_auth=("elastic", "{}"))',
        'Elasticsearch(url, http_auth=("elastic", "{}"))',
        'auth=(\n    "me",\n    "{}",\n)',
        'pika.PlainCredentials("me", "{}")',
    ],
    "javascript": ["axios.basicAuth('me', '{}')", 'agent.basicAuth("me", "{}", x)'],
    "java": [
        'given().auth().basic("me", "{}").when()',
        'new UsernamePasswordCredentials("me", "{}")',
        'get("/").with(httpBasic("me", "{}"))',
        'headers.setBasicAuth(user, "{}");',
        'DriverManager.getConnection(url, "me", "{}")',
    ],
    "go": [
        'req.SetBasicAuth("me", "{}")',
        'url.UserPassword("me", "{}")',
        'sasl.NewPlainClient("", "me", "{}")',
    ],
    "rust": ['.basic_auth("me", Some("{}"))'],
    "ruby": ['http.basic_auth "me", "{}"', "conn.request :basic_auth, 'me', '{}'"],
    "elixir": ['auth: {{:basic, "me:{}"}}', '[basic_auth: {{"me", "{}"}}]'],
    "elisp": [
        '(setq a \'(("host" . "x") ("user" . "me") ("password" . "{}")))',
        '(setq a \'((user . "me") (password . "{}")))',
        '(list (cons \'password "{}"))',
        '(setq a \'(:smtp (:user "me" :pass "{}")))',
        '(setq smtpmail-auth-credentials \'(("smtp.x.org" 587 "me@x.org" "{}")))',
        '(setq smtpmail-auth-credentials\n      (quote (("smtp.x.org" 587 "me" "{}"))))',
        '(setq rcirc-authinfo \'(("Libera" nickserv "me" "{}")))',
    ],
    "text": [
        "account a\nhost smtp.x.org\nuser me@x.org\npassword {}\n",
        "defaults\nuser\tme\nauth on\npassword\t{}\r\nfrom me@x.org\n",
        "password {}\nuser me\n",
        "host x.org\n  login me\n  password {}\n",
        "  hide client_secret = {}\n",
        "  driver = cram_md5\n  client_name = me\n  client_secret = {}\n",
        "*:me@x.org:{}\n",
        "a:1\n* : me : {}\n",
        "*.x.org:me:{}\n",
        'table secrets {{ a = "me:{}" }}\n',
        "table <creds> {{ label1 = me@x.org:{}, b = c:d }}\n",
    ],
}
WITH_A_DIGIT = {
    "python": ['credentials = ("me", "{}")', "creds = ['me', '{}']", 'client.authenticate("me", "{}")'],
    "javascript": ['get("/").auth("me", "{}")', 'visit("/").as("me", "{}")', "auth: ['me', '{}']"],
    "php": ["'auth' => ['me', '{}']"],
    "csharp": ['client.AuthenticateAsync("me", "{}");'],
}


@pytest.mark.parametrize("language", PAIRS)
def test_a_password_is_found_beside_whose_it_is(language: str) -> None:
    for form in PAIRS[language]:
        for secret in ("hunter22", "tigerlily"):
            assert mask(form.format(secret), language) == form.format("*" * len(secret)), form
        for other in ("password", "changeme", "mypassword", "$PASSWORD1", "test1234"):
            assert mask(form.format(other), language) == form.format(other), form


@pytest.mark.parametrize("language", WITH_A_DIGIT)
def test_where_a_pair_may_be_something_else_letters_alone_are_no_password(language: str) -> None:
    for form in WITH_A_DIGIT[language]:
        assert mask(form.format("hunter22"), language) == form.format("*" * 8), form
        for other in ("tigerlily", "password", "test1234"):
            assert mask(form.format(other), language) == form.format(other), form


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", 'auth_fields = ("username", "password2")'),
        ("python", "auth=(user, password1)"),
        ("python", 'login(request, "account1")'),
        ("javascript", 'authors: ["Ada Lovelace", "hunter22"]'),
        ("javascript", 'cy.get(".b1").as("button22")'),
        ("php", 'echo $password . "hunter22";'),
        ("elisp", '(password "hunter-street")'),
        ("text", "user the one who asks\npassword required\n"),
        ("text", "user me\npassword  what the user types\n"),
        ("text", "* one: two: three4you is what\n"),
        ("sql", "create table accounts { a = b:cdefgh1 }"),
        ("c", " * : me : hunter22\n"),
    ],
)
def test_what_only_looks_like_such_a_pair_is_left(language: str, text: str) -> None:
    assert mask(text, language) == text


@pytest.mark.parametrize("path", ["etc/exim4/passwd.client", "etc/mail/secrets"])
def test_lists_of_passwords_of_mail_servers_are_left_out_whole(path: str) -> None:
    assert secret_names().because(path)


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "auth=(",
            'auth=("a",',
            "auth=(a",
            'auth=("a", "',
            "login: [\n",
            'basicauth("a",\n',
            "basic_auth a",
        ),
        *(
            "getconnection(",
            'getconnection("',
            '{:basic, "a',
            "(pass",
            "(password . ",
            "authinfo (",
            "authinfo ''(",
        ),
        *(
            "user a\n",
            "user a",
            "login\ta\nb c\n",
            "password a1b2c3\n",
            "password a1b2c3d4\nuser \n",
            "user ",
        ),
        *(
            "hide client_secret = ",
            "client_name = a\n",
            "\n*:a:",
            "\n* : ",
            "*.a",
            "table secret",
            "table secrets { a = ",
        ),
    ],
)
def test_twice_the_text_takes_no_more_than_twice_the_time(piece: str) -> None:
    find(piece)
    assert_linear(find, repeated(piece), size=80_000, quick=0.03)
