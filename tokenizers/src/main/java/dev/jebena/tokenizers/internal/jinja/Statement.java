package dev.jebena.tokenizers.internal.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tree of a template.
sealed interface Statement {
    int line();

    record Data(String text, int line) implements Statement {}

    record Output(Expression value, int line) implements Statement {}

    record If(List<Branch> branches, List<Statement> otherwise, int line) implements Statement {}

    record Branch(Expression test, List<Statement> body) {}

    record For(
            Target target,
            Expression iterable,
            @Nullable Expression filter,
            List<Statement> body,
            List<Statement> otherwise,
            boolean recursive,
            int line)
            implements Statement {}

    record Set(Target target, Expression value, int line) implements Statement {}

    record SetBlock(
            Target target, List<Expression.FilterCall> filters, List<Statement> body, int line)
            implements Statement {}

    record MacroDefinition(String name, Signature signature, List<Statement> body, int line)
            implements Statement {}

    record CallBlock(Signature signature, Expression.Call call, List<Statement> body, int line)
            implements Statement {}

    record FilterBlock(List<Expression.FilterCall> filters, List<Statement> body, int line)
            implements Statement {}

    record With(List<Target> targets, List<Expression> values, List<Statement> body, int line)
            implements Statement {}

    record Break(int line) implements Statement {}

    record Continue(int line) implements Statement {}

    /// Parameters of a macro; the last `defaults.size()` of them have defaults.
    record Signature(List<String> parameters, List<Expression> defaults) {}

    /// What `set` and `for` assign to.
    sealed interface Target {
        record Variable(String name) implements Target {}

        record NamespaceAttribute(String namespace, String name) implements Target {}

        record Targets(List<Target> targets) implements Target {}
    }
}
