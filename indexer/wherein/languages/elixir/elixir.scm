; Everything in Elixir is a call: what it defines is told by the name of what is called.

(call
  target: (identifier) @_head
  (arguments . [(alias) (atom)] @name)
  (do_block)
  (#eq? @_head "defmodule")) @definition.namespace

(call
  target: (identifier) @_head
  (arguments . (alias) @name)
  (do_block)
  (#eq? @_head "defprotocol")) @definition.interface

(call
  target: (identifier) @_head
  (arguments
    .
    (alias) @name
    (keywords (pair value: (_) @name))?)
  (do_block)
  (#eq? @_head "defimpl")) @definition.impl

; `def name(…)`, `def name(…) when …`, `def name`, `def left ++ right`
(call
  target: (identifier) @_head
  (arguments
    .
    [
      (call target: [(identifier) (call)] @name)
      (identifier) @name
      (binary_operator
        left: [(call target: [(identifier) (call)] @name) (identifier) @name]
        operator: "when")
    ])
  (#any-of? @_head "def" "defp" "defdelegate" "defn" "defnp")) @definition.function

(call
  target: (identifier) @_head
  (arguments . (unary_operator operator: _ @name))
  (#any-of? @_head "def" "defp" "defmacro")) @definition.function

(call
  target: (identifier) @_head
  (arguments
    .
    [
      (binary_operator operator: _ @name)
      (binary_operator
        left: (binary_operator operator: _ @name)
        operator: "when")
    ])
  (#any-of? @_head "def" "defp")
  (#not-eq? @name "when")) @definition.function

(call
  target: (identifier) @_head
  (arguments
    .
    [
      (binary_operator operator: _ @name)
      (binary_operator
        left: (binary_operator operator: _ @name)
        operator: "when")
    ])
  (#any-of? @_head "defmacro" "defmacrop")
  (#not-eq? @name "when")) @definition.macro

(call
  target: (identifier) @_head
  (arguments
    .
    [
      (call target: [(identifier) (call)] @name)
      (identifier) @name
      (binary_operator
        left: [(call target: [(identifier) (call)] @name) (identifier) @name]
        operator: "when")
    ])
  (#any-of? @_head "defmacro" "defmacrop" "defguard" "defguardp")) @definition.macro

(unary_operator
  operator: "@"
  operand: (call
    target: (identifier) @_head
    (arguments
      .
      (binary_operator
        left: [(call target: (identifier) @name) (identifier) @name]
        operator: "::")))
  (#any-of? @_head "type" "typep" "opaque")) @definition.type

(unary_operator
  operator: "@"
  operand: (call
    target: (identifier) @_head
    (arguments
      .
      [
        (binary_operator
          left: [(call target: (identifier) @name) (identifier) @name]
          operator: "::")
        (binary_operator
          left: (binary_operator
            left: [(call target: (identifier) @name) (identifier) @name]
            operator: "::")
          operator: "when")
      ]))
  (#any-of? @_head "callback" "macrocallback")) @definition.method

; `Record.defrecord :name, …`
(call
  target: [(identifier) @_head (dot right: (identifier) @_head)]
  (arguments . (atom) @name)
  (#any-of? @_head "defrecord" "defrecordp")) @definition.type

; ExUnit
(call
  target: (identifier) @_head
  (arguments . (string) @name)
  (do_block)
  (#eq? @_head "describe")) @scope

(call
  target: (identifier) @_head
  (arguments . (string) @name)
  (do_block)
  (#any-of? @_head "test" "property")) @definition.function

((unary_operator
  operand: (call
    target: (identifier) @_head
    (arguments . (string (quoted_content) @doc))))
  (#eq? @_head "moduledoc"))

((unary_operator
  operand: (call
    target: (identifier) @_head
    (arguments [(string) (sigil)]))) @comment
  (#any-of? @_head "doc" "typedoc"))

((unary_operator
  operand: (call
    target: (identifier) @_head
    (arguments [(boolean) (keywords)]))) @attribute
  (#any-of? @_head "doc" "typedoc"))

((unary_operator
  operand: (call
    target: (identifier) @_head)) @attribute
  (#any-of? @_head "spec" "impl" "deprecated" "since" "dialyzer" "tag"))

; any other `@name value` is a module's constant
(unary_operator
  operator: "@"
  operand: (call
    target: (identifier) @name
    (arguments))
  (#not-match? @name
    "^(after_compile|after_verify|before_compile|behaviour|callback|compile|deprecated|derive|describetag|dialyzer|doc|enforce_keys|external_resource|impl|macrocallback|moduledoc|moduletag|on_definition|on_load|opaque|optional_callbacks|since|spec|tag|type|typedoc|typep|vsn)$")) @definition.constant
