package dev.jebena.tokenizers.internal.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tree of an expression. Chains of operators are flat lists, so that a long chain is not a
/// deep tree.
sealed interface Expression {
    record Literal(Object value) implements Expression {}

    record Name(String name) implements Expression {}

    record ListOf(List<Expression> items) implements Expression {}

    record TupleOf(List<Expression> items) implements Expression {}

    record DictOf(List<Expression> keys, List<Expression> values) implements Expression {}

    record Attribute(Expression owner, String name) implements Expression {}

    record Item(Expression owner, Expression key) implements Expression {}

    record Slice(
            Expression owner,
            @Nullable Expression start,
            @Nullable Expression stop,
            @Nullable Expression step)
            implements Expression {}

    record Call(Expression callee, List<Argument> arguments) implements Expression {}

    record Filtered(Expression operand, FilterCall filter) implements Expression {}

    record Tested(Expression operand, String test, List<Argument> arguments)
            implements Expression {}

    record Not(Expression operand) implements Expression {}

    record Signed(boolean negative, Expression operand) implements Expression {}

    /// `first op operand op operand ...`, from left to right.
    record Arithmetic(Expression first, List<String> operators, List<Expression> operands)
            implements Expression {}

    /// `first < operand < operand ...`: true when every neighbouring pair compares so.
    record Comparison(Expression first, List<String> operators, List<Expression> operands)
            implements Expression {}

    record And(List<Expression> operands) implements Expression {}

    record Or(List<Expression> operands) implements Expression {}

    record Concatenation(List<Expression> operands) implements Expression {}

    record Conditional(Expression test, Expression then, @Nullable Expression otherwise)
            implements Expression {}

    /// One filter with its arguments, without what it is applied to.
    record FilterCall(String name, List<Argument> arguments) {}

    /// An argument of a call: positional, `name=value`, `*value` or `**value`.
    record Argument(Kind kind, String name, Expression value) {
        enum Kind {
            POSITIONAL,
            NAMED,
            SPREAD,
            SPREAD_NAMED
        }
    }
}
