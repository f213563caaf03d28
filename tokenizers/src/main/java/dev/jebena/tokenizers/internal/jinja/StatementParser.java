package dev.jebena.tokenizers.internal.jinja;

import dev.jebena.tokenizers.TokenizerException;
import dev.jebena.tokenizers.internal.jinja.Statement.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Parses a template into its statements.
final class StatementParser {
    private final TokenStream stream;
    private final ExpressionParser expressions;
    private int loops;

    private StatementParser(TokenStream stream) {
        this.stream = stream;
        this.expressions = new ExpressionParser(stream);
    }

    static List<Statement> parse(List<Token> tokens) {
        StatementParser parser = new StatementParser(new TokenStream(tokens));
        return parser.body(Set.of(), "the template", 1);
    }

    /// Statements up to one of the tags `ends`, whose name is the current token then.
    private List<Statement> body(Set<String> ends, String of, int openedAt) {
        List<Statement> body = new ArrayList<>();
        while (true) {
            Token token = stream.next();
            switch (token.kind()) {
                case DATA -> body.add(new Statement.Data(token.text(), token.line()));
                case VARIABLE_BEGIN -> {
                    body.add(new Statement.Output(expressions.tuple(true), token.line()));
                    stream.expect(Token.Kind.VARIABLE_END, "'}}'");
                }
                case BLOCK_BEGIN -> {
                    if (stream.at(Token.Kind.NAME) && ends.contains(stream.current().text())) {
                        return body;
                    }
                    body.add(statement());
                }
                default -> {
                    if (ends.isEmpty()) {
                        return body;
                    }
                    throw Template.problem(openedAt, of + " is not closed: " + ends + " missing");
                }
            }
        }
    }

    private List<Statement> closedBody(String tag, int line) {
        List<Statement> body = body(Set.of("end" + tag), "'" + tag + "'", line);
        stream.next();
        endOfTag();
        return body;
    }

    private void endOfTag() {
        stream.expect(Token.Kind.BLOCK_END, "'%}'");
    }

    private Statement statement() {
        Token tag = stream.expect(Token.Kind.NAME, "a tag's name");
        stream.enter();
        int line = tag.line();
        Statement statement =
                switch (tag.text()) {
                    case "if" -> ifStatement(line);
                    case "for" -> forStatement(line);
                    case "set" -> set(line);
                    case "macro" -> macro(line);
                    case "call" -> call(line);
                    case "filter" -> filter(line);
                    case "with" -> with(line);
                    case "generation" -> {
                        endOfTag();
                        List<Statement> body = closedBody("generation", line);
                        yield new Statement.With(List.of(), List.of(), body, line);
                    }
                    case "break" -> loopControl(new Statement.Break(line));
                    case "continue" -> loopControl(new Statement.Continue(line));
                    default -> throw unknown(tag);
                };
        stream.leave();
        return statement;
    }

    private static TokenizerException unknown(Token tag) {
        String name = tag.text();
        String why =
                switch (name) {
                    case "include", "import", "from", "extends", "block" ->
                            ": a chat template stands alone";
                    default ->
                            name.startsWith("end") || name.startsWith("el")
                                    ? ": nothing is open that it belongs to"
                                    : "";
                };
        return Template.problem(tag.line(), "unknown tag '" + name + "'" + why);
    }

    private Statement loopControl(Statement statement) {
        if (loops == 0) {
            throw Template.problem(statement.line(), "'break' or 'continue' outside of a loop");
        }
        endOfTag();
        return statement;
    }

    private Statement ifStatement(int line) {
        List<Statement.Branch> branches = new ArrayList<>();
        Set<String> ends = Set.of("elif", "else", "endif");
        while (true) {
            Expression test = expressions.tuple(false);
            endOfTag();
            branches.add(new Statement.Branch(test, body(ends, "'if'", line)));
            String end = stream.next().text();
            if (end.equals("elif")) {
                continue;
            }
            endOfTag();
            List<Statement> otherwise =
                    end.equals("else") ? closedBody("if", line) : List.<Statement>of();
            return new Statement.If(branches, otherwise, line);
        }
    }

    private Statement forStatement(int line) {
        Target target = target(true);
        stream.expectName("in");
        Expression iterable = expressions.tuple(false);
        Expression filter = stream.skipName("if") ? expressions.expression() : null;
        boolean recursive = stream.skipName("recursive");
        endOfTag();
        loops++;
        List<Statement> body = body(Set.of("else", "endfor"), "'for'", line);
        loops--;
        boolean hasElse = stream.next().text().equals("else");
        endOfTag();
        List<Statement> otherwise = hasElse ? closedBody("for", line) : List.of();
        return new Statement.For(target, iterable, filter, body, otherwise, recursive, line);
    }

    private Target target(boolean inFor) {
        List<Target> targets = new ArrayList<>();
        boolean tuple = false;
        do {
            boolean trailingComma =
                    !targets.isEmpty() && !stream.at(Token.Kind.NAME) && !stream.atOperator("(");
            if (trailingComma || (inFor && stream.atName("in"))) {
                break;
            }
            targets.add(single(inFor));
            tuple |= stream.atOperator(",");
        } while (stream.skipOperator(","));
        if (targets.isEmpty()) {
            throw stream.unexpected("a name");
        }
        return tuple ? new Target.Targets(targets) : targets.getFirst();
    }

    private Target single(boolean inFor) {
        if (stream.skipOperator("(")) {
            stream.enter();
            Target target = target(inFor);
            stream.leave();
            stream.expectOperator(")");
            return target;
        }
        String name = variable();
        if (!inFor && stream.skipOperator(".")) {
            return new Target.NamespaceAttribute(name, stream.name("an attribute's name"));
        }
        return new Target.Variable(name);
    }

    private String variable() {
        String name = stream.current().text();
        if (Set.of("true", "false", "none", "True", "False", "None").contains(name)) {
            throw Template.problem(stream.line(), "cannot assign to '" + name + "'");
        }
        return stream.name("a name");
    }

    private Statement set(int line) {
        Target target = target(false);
        if (stream.skipOperator("=")) {
            Expression value = expressions.tuple(true);
            endOfTag();
            return new Statement.Set(target, value, line);
        }
        List<Expression.FilterCall> filters = new ArrayList<>();
        while (stream.skipOperator("|")) {
            filters.add(expressions.filter());
        }
        endOfTag();
        return new Statement.SetBlock(target, filters, closedBody("set", line), line);
    }

    private Statement macro(int line) {
        String name = variable();
        Statement.Signature signature = signature();
        endOfTag();
        return new Statement.MacroDefinition(name, signature, functionBody("macro", line), line);
    }

    /// The body of something that is called: a loop around it is not its own.
    private List<Statement> functionBody(String tag, int line) {
        int outer = loops;
        loops = 0;
        List<Statement> body = closedBody(tag, line);
        loops = outer;
        return body;
    }

    private Statement.Signature signature() {
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        stream.expectOperator("(");
        while (!stream.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                stream.expectOperator(",");
                if (stream.skipOperator(")")) {
                    break;
                }
            }
            parameters.add(variable());
            if (stream.skipOperator("=")) {
                defaults.add(expressions.expression());
            } else if (!defaults.isEmpty()) {
                throw Template.problem(
                        stream.line(), "a parameter without default after one that has one");
            }
        }
        return new Statement.Signature(parameters, defaults);
    }

    private Statement call(int line) {
        Statement.Signature signature =
                stream.atOperator("(")
                        ? signature()
                        : new Statement.Signature(List.of(), List.of());
        Expression value = expressions.expression();
        if (!(value instanceof Expression.Call call)) {
            throw Template.problem(line, "'call' needs the call of a macro");
        }
        endOfTag();
        return new Statement.CallBlock(signature, call, functionBody("call", line), line);
    }

    private Statement filter(int line) {
        List<Expression.FilterCall> filters = new ArrayList<>();
        do {
            filters.add(expressions.filter());
        } while (stream.skipOperator("|"));
        endOfTag();
        return new Statement.FilterBlock(filters, closedBody("filter", line), line);
    }

    private Statement with(int line) {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!stream.at(Token.Kind.BLOCK_END)) {
            if (!targets.isEmpty()) {
                stream.expectOperator(",");
            }
            targets.add(single(false));
            stream.expectOperator("=");
            values.add(expressions.expression());
        }
        endOfTag();
        return new Statement.With(targets, values, closedBody("with", line), line);
    }
}
