package dev.jebena.tokenizers.internal.jinja;

import dev.jebena.tokenizers.internal.jinja.Expression.Argument;
import dev.jebena.tokenizers.internal.jinja.Expression.FilterCall;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses expressions by recursive descent; one method for each level of precedence, the loosest
/// first: conditional, `or`, `and`, `not`, comparison, `+ -`, `~`, `* / // %`, `**`, sign, postfix,
/// filter.
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final int MAX_POSTFIX = 200;

    private final TokenStream stream;

    ExpressionParser(TokenStream stream) {
        this.stream = stream;
    }

    /// An expression, or several with commas between as one tuple.
    Expression tuple(boolean conditional) {
        Expression first = conditional ? expression() : or();
        if (!stream.atOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (stream.skipOperator(",") && startsExpression()) {
            items.add(conditional ? expression() : or());
        }
        return new Expression.TupleOf(items);
    }

    private boolean startsExpression() {
        Token token = stream.current();
        return switch (token.kind()) {
            case BLOCK_END, VARIABLE_END, END -> false;
            case NAME -> !token.text().equals("in") && !token.text().equals("recursive");
            case OPERATOR -> !Set.of(")", "]", "}", "=").contains(token.text());
            default -> true;
        };
    }

    Expression expression() {
        stream.enter();
        Expression value = or();
        while (stream.skipName("if")) {
            Expression test = or();
            Expression otherwise = stream.skipName("else") ? expression() : null;
            value = new Expression.Conditional(test, value, otherwise);
        }
        stream.leave();
        return value;
    }

    Expression or() {
        Expression first = and();
        if (!stream.atName("or")) {
            return first;
        }
        List<Expression> operands = new ArrayList<>(List.of(first));
        while (stream.skipName("or")) {
            operands.add(and());
        }
        return new Expression.Or(operands);
    }

    private Expression and() {
        Expression first = not();
        if (!stream.atName("and")) {
            return first;
        }
        List<Expression> operands = new ArrayList<>(List.of(first));
        while (stream.skipName("and")) {
            operands.add(not());
        }
        return new Expression.And(operands);
    }

    private Expression not() {
        if (!stream.skipName("not")) {
            return comparison();
        }
        stream.enter();
        Expression operand = not();
        stream.leave();
        return new Expression.Not(operand);
    }

    private Expression comparison() {
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> operands = new ArrayList<>();
        while (true) {
            if (stream.at(Token.Kind.OPERATOR) && COMPARISONS.contains(stream.current().text())) {
                operators.add(stream.next().text());
            } else if (stream.skipName("in")) {
                operators.add("in");
            } else if (stream.atName("not")) {
                stream.next();
                stream.expectName("in");
                operators.add("not in");
            } else {
                return operands.isEmpty()
                        ? first
                        : new Expression.Comparison(first, operators, operands);
            }
            operands.add(sum());
        }
    }

    private Expression sum() {
        return arithmetic(Set.of("+", "-"), this::concatenation);
    }

    private Expression concatenation() {
        Expression first = product();
        if (!stream.atOperator("~")) {
            return first;
        }
        List<Expression> operands = new ArrayList<>(List.of(first));
        while (stream.skipOperator("~")) {
            operands.add(product());
        }
        return new Expression.Concatenation(operands);
    }

    private Expression product() {
        return arithmetic(Set.of("*", "/", "//", "%"), this::power);
    }

    private Expression power() {
        return arithmetic(Set.of("**"), () -> unary(true));
    }

    private Expression arithmetic(
            Set<String> wanted, java.util.function.Supplier<Expression> operand) {
        Expression first = operand.get();
        List<String> operators = new ArrayList<>();
        List<Expression> operands = new ArrayList<>();
        while (stream.at(Token.Kind.OPERATOR) && wanted.contains(stream.current().text())) {
            operators.add(stream.next().text());
            operands.add(operand.get());
        }
        return operands.isEmpty() ? first : new Expression.Arithmetic(first, operators, operands);
    }

    private Expression unary(boolean filters) {
        Expression value;
        if (stream.atOperator("-") || stream.atOperator("+")) {
            boolean negative = stream.next().text().equals("-");
            stream.enter();
            value = new Expression.Signed(negative, unary(false));
            stream.leave();
        } else {
            value = primary();
        }
        value = postfix(value);
        return filters ? filtered(value) : value;
    }

    private Expression postfix(Expression start) {
        Expression value = start;
        for (int count = 0; ; count++) {
            bound(count);
            if (stream.skipOperator(".")) {
                value = attribute(value);
            } else if (stream.skipOperator("[")) {
                value = subscript(value);
            } else if (stream.atOperator("(")) {
                value = new Expression.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    private Expression attribute(Expression owner) {
        if (stream.at(Token.Kind.INTEGER)) {
            return new Expression.Item(owner, integer());
        }
        return new Expression.Attribute(owner, stream.name("an attribute's name"));
    }

    private Expression integer() {
        return new Expression.Literal(Numbers.of(new BigInteger(stream.next().text())));
    }

    private void bound(int count) {
        if (count > MAX_POSTFIX) {
            throw Template.problem(
                    stream.line(), "an expression of more than " + MAX_POSTFIX + " parts");
        }
    }

    private Expression subscript(Expression owner) {
        Expression value = slice(owner);
        if (stream.atOperator(",") && value instanceof Expression.Item item) {
            List<Expression> keys = new ArrayList<>(List.of(item.key()));
            while (stream.skipOperator(",") && startsExpression()) {
                keys.add(expression());
            }
            value = new Expression.Item(owner, new Expression.TupleOf(keys));
        }
        stream.expectOperator("]");
        return value;
    }

    private Expression slice(Expression owner) {
        Expression start = stream.atOperator(":") ? null : expression();
        if (start != null && !stream.atOperator(":")) {
            return new Expression.Item(owner, start);
        }
        stream.expectOperator(":");
        Expression stop = sliceBound();
        Expression step = stream.skipOperator(":") ? sliceBound() : null;
        return new Expression.Slice(owner, start, stop, step);
    }

    private @Nullable Expression sliceBound() {
        return stream.atOperator(":") || stream.atOperator("]") ? null : expression();
    }

    private Expression filtered(Expression start) {
        Expression value = start;
        for (int count = 0; ; count++) {
            bound(count);
            if (stream.atOperator("|")) {
                stream.next();
                value = new Expression.Filtered(value, filter());
            } else if (stream.skipName("is")) {
                value = test(value);
            } else if (stream.atOperator("(")) {
                value = new Expression.Call(value, arguments());
            } else {
                return value;
            }
        }
    }

    /// A filter's name and arguments; the `|` has been read.
    FilterCall filter() {
        String name = dotted("a filter's name");
        if (!Filters.known(name)) {
            throw Template.problem(
                    stream.line(), "no filter named '" + name + "'" + Filters.suggestion(name));
        }
        return new FilterCall(name, stream.atOperator("(") ? arguments() : List.of());
    }

    private String dotted(String what) {
        StringBuilder name = new StringBuilder(stream.name(what));
        while (stream.skipOperator(".")) {
            name.append('.').append(stream.name(what));
        }
        return name.toString();
    }

    private Expression test(Expression operand) {
        boolean negated = stream.skipName("not");
        String name = dotted("a test's name");
        List<Argument> arguments = List.of();
        if (stream.atOperator("(")) {
            arguments = arguments();
        } else if (startsTestArgument()) {
            if (stream.atName("is")) {
                throw Template.problem(stream.line(), "tests cannot be chained with 'is'");
            }
            Expression argument = postfix(primary());
            arguments = List.of(new Argument(Argument.Kind.POSITIONAL, "", argument));
        }
        if (!Tests.known(name)) {
            throw Template.problem(
                    stream.line(), "no test named '" + name + "'" + Tests.suggestion(name));
        }
        Expression test = new Expression.Tested(operand, name, arguments);
        return negated ? new Expression.Not(test) : test;
    }

    private boolean startsTestArgument() {
        Token token = stream.current();
        return switch (token.kind()) {
            case NAME -> !Set.of("else", "or", "and").contains(token.text());
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> Set.of("(", "[", "{").contains(token.text());
            default -> false;
        };
    }

    /// The arguments of a call with their parentheses.
    List<Argument> arguments() {
        stream.expectOperator("(");
        List<Argument> arguments = new ArrayList<>();
        while (!stream.skipOperator(")")) {
            if (!arguments.isEmpty()) {
                stream.expectOperator(",");
                if (stream.skipOperator(")")) {
                    break;
                }
            }
            arguments.add(argument());
        }
        return arguments;
    }

    private Argument argument() {
        if (stream.skipOperator("*")) {
            return new Argument(Argument.Kind.SPREAD, "", expression());
        }
        if (stream.skipOperator("**")) {
            return new Argument(Argument.Kind.SPREAD_NAMED, "", expression());
        }
        Expression value = expression();
        if (value instanceof Expression.Name name && stream.skipOperator("=")) {
            return new Argument(Argument.Kind.NAMED, name.name(), expression());
        }
        return new Argument(Argument.Kind.POSITIONAL, "", value);
    }

    private Expression primary() {
        return switch (stream.current().kind()) {
            case NAME -> name();
            case STRING -> {
                StringBuilder text = new StringBuilder();
                while (stream.at(Token.Kind.STRING)) {
                    text.append(stream.next().text());
                }
                yield new Expression.Literal(text.toString());
            }
            case INTEGER -> integer();
            case FLOAT -> new Expression.Literal(Double.valueOf(stream.next().text()));
            default -> bracketed();
        };
    }

    private Expression name() {
        String name = stream.next().text();
        return switch (name) {
            case "true", "True" -> new Expression.Literal(true);
            case "false", "False" -> new Expression.Literal(false);
            case "none", "None" -> new Expression.Literal(None.NONE);
            default -> new Expression.Name(name);
        };
    }

    private Expression bracketed() {
        if (stream.skipOperator("(")) {
            Expression value =
                    stream.atOperator(")") ? new Expression.TupleOf(List.of()) : tuple(true);
            stream.expectOperator(")");
            return value;
        }
        if (stream.skipOperator("[")) {
            List<Expression> items = new ArrayList<>();
            while (separated(items.isEmpty(), "]")) {
                items.add(expression());
            }
            return new Expression.ListOf(items);
        }
        if (stream.skipOperator("{")) {
            List<Expression> keys = new ArrayList<>();
            List<Expression> values = new ArrayList<>();
            while (separated(keys.isEmpty(), "}")) {
                keys.add(expression());
                stream.expectOperator(":");
                values.add(expression());
            }
            return new Expression.DictOf(keys, values);
        }
        throw stream.unexpected("an expression");
    }

    private boolean separated(boolean first, String close) {
        if (!first && !stream.atOperator(close)) {
            stream.expectOperator(",");
        }
        return !stream.skipOperator(close);
    }
}
