"""The line by which a language defines a thing is one of its names."""

import pytest

from wherein.search.name_readings import plain, readings


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("def parse_status_line(self):", "parse_status_line"),
        ("async def read(path: str) -> bytes:", "read"),
        ("class HttpParser(Base):", "HttpParser"),
        ("class Cart extends Base {", "Cart"),
        ("func (s *HTTPServer) ListenAndServeTLS() error {", "HTTPServer.ListenAndServeTLS"),
        ("func (HTTPServer) Close()", "HTTPServer.Close"),
        ("func Map[T any](list []T) []T", "Map"),
        ("type HTTPServer struct {", "HTTPServer"),
        ("pub fn from_raw_os_error(c: i32) -> Self", "from_raw_os_error"),
        ("pub(crate) struct IoError;", "IoError"),
        ("macro_rules! my_macro {", "my_macro"),
        ("export default async function $load() {", "$load"),
        ("export const useAuthToken = () => {", "useAuthToken"),
        ("fun String.shout(): String =", "String.shout"),
        ("def self.empty?(list)", "self.empty?"),
        ("defp run(list) do", "run"),
        ("HttpParser:", "HttpParser"),
        ("HttpParser;", "HttpParser"),
        ("HttpParser[str]", "HttpParser"),
        ("operator[]", "operator[]"),
        ("V#[]=", "V#[]="),
        ("Cart::", "Cart::"),
        ("parse status line", "parse status line"),
        ("record audio", "record audio"),
    ],
)
def test_what_follows_the_name_is_no_part_of_it(head, name):
    assert plain(head) == name
    assert any(reading.name == name for reading in readings(head))
