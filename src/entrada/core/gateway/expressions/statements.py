"""The block `@{ … }`: declarations, assignments, if, else and return.  Gateway reference section 12.1."""

from typing import Final

from attrs import define

from entrada.core.gateway.expressions import refused
from entrada.core.gateway.expressions import syntax as tree
from entrada.core.gateway.expressions.faults import NotReadable
from entrada.core.gateway.expressions.grammar import MAX_LEVELS, Grammar
from entrada.core.gateway.expressions.syntax import Statement

_DEEP: Final = "use fewer if and else in one another, or a choose with a when for each case."


@define
class Statements:
    grammar: Grammar

    def block(self) -> tree.Block:
        place = self.grammar.here()
        self.grammar.expect("{", "a block begins with it")
        found: list[Statement] = []
        while not self.grammar.take("}"):
            if self.grammar.token.kind == "end":
                self.grammar.stop("The block does not end.", "write `}`.")
            found.append(self._statement())
        return tree.Block(place, tuple(found))

    def _statement(self) -> Statement:
        self.grammar.level += 1
        if self.grammar.level > MAX_LEVELS:
            self.grammar.stop("Statements are nested too deep.", _DEEP)
        found = self._any_statement()
        self.grammar.level -= 1
        return found

    def _any_statement(self) -> Statement:
        grammar = self.grammar
        if grammar.is_at("{"):
            return self.block()
        if grammar.is_word("if"):
            return self._if()
        if grammar.is_word("return"):
            return self._return()
        if grammar.is_word(*refused.STATEMENTS):
            self._refuse(grammar.token.text)
        return self._declaration() or self._assignment() or self._call()

    def _refuse(self, word: str) -> None:
        self.grammar.stop(f"`{word}` is not supported in expressions.", refused.STATEMENTS[word])

    def _if(self) -> Statement:
        grammar, place = self.grammar, self.grammar.here()
        grammar.next += 1
        grammar.expect("(", "the condition stands in brackets")
        condition = grammar.expression()
        grammar.expect(")", "the condition stands in brackets")
        then = self._statement()
        otherwise = None
        if grammar.is_word("else"):
            grammar.next += 1
            otherwise = self._statement()
        return tree.If(place, condition, then, otherwise)

    def _return(self) -> Statement:
        grammar, place = self.grammar, self.grammar.here()
        grammar.next += 1
        if grammar.is_at(";"):
            grammar.stop(
                "A value is missing behind return.", "every expression has one; return null if nothing is meant."
            )
        value = grammar.expression()
        self._semicolon()
        return tree.Return(place, value)

    def _declaration(self) -> Statement | None:
        """Two names in a row: a type and a variable."""
        grammar = self.grammar
        found = grammar.type_name(grammar.next)
        if found is None or grammar.tokens[found.after].kind != "name" or grammar.tokens[found.after].text == "as":
            return None
        place = grammar.here()
        if found.name.partition("<")[0] in refused.NAMES:
            name = found.name.partition("<")[0]
            grammar.stop(f"`{name}` is not supported in expressions.", refused.NAMES[name])
        grammar.next = found.after
        name = grammar.name("")
        value = grammar.expression() if grammar.take("=") else None
        if grammar.is_at(","):
            grammar.stop("A second variable is declared here.", "write a declaration for each.")
        self._semicolon()
        return tree.Declaration(place, found.name, name, value)

    def _assignment(self) -> Statement | None:
        grammar = self.grammar
        if grammar.token.kind != "name" or not grammar.is_at("=", grammar.next + 1):
            return None
        place, name = grammar.here(), grammar.name("")
        grammar.next += 1
        value = grammar.expression()
        self._semicolon()
        return tree.Assignment(place, name, value)

    def _call(self) -> Statement:
        place = self.grammar.here()
        call = self.grammar.expression()
        inner = call.inner if isinstance(call, tree.Chain) else call
        if self.grammar.is_at("="):
            self.grammar.stop(
                "This cannot be assigned to.", "assign to variables of the block; use set-variable for others."
            )
        if not isinstance(inner, tree.Call):
            if not self.grammar.is_at(";"):
                self.grammar.stop_at_token("This is no statement.", "declare, assign, call, if or return.")
            self.grammar.gathered.add(place, "This statement does nothing.", "return the value, or leave it out.")
            raise NotReadable
        self._semicolon()
        return tree.Do(place, call)

    def _semicolon(self) -> None:
        self.grammar.expect(";", "a statement ends with it")
