package dev.jebena.tokenizers.internal.jinja;

import dev.jebena.tokenizers.internal.jinja.Expression.FilterCall;
import dev.jebena.tokenizers.internal.jinja.Statement.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Executes a template's statements; for one rendering.
final class Renderer {
    private enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    private final Budget budget = new Budget();
    private final Evaluator evaluator = new Evaluator(budget);
    private final Set<String> names;
    private StringBuilder out = new StringBuilder();

    /// @param names every name that the template reads
    Renderer(Set<String> names) {
        this.names = names;
    }

    String render(List<Statement> template, Scope scope) {
        run(template, scope);
        return out.toString();
    }

    boolean reads(String name) {
        return names.contains(name);
    }

    Object evaluate(Expression expression, Scope scope) {
        return evaluator.evaluate(expression, scope);
    }

    /// What `body` prints.
    String capture(List<Statement> body, Scope scope) {
        StringBuilder around = out;
        out = new StringBuilder();
        budget.enter();
        run(body, scope);
        budget.leave();
        String text = out.toString();
        out = around;
        return text;
    }

    private Flow run(List<Statement> statements, Scope scope) {
        for (Statement statement : statements) {
            budget.enter();
            Flow flow;
            try {
                flow = run(statement, scope);
            } catch (JinjaException e) {
                throw Template.problem(statement.line(), e.getMessage());
            }
            budget.leave();
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }

    private Flow run(Statement statement, Scope scope) {
        switch (statement) {
            case Statement.Data data -> print(data.text());
            case Statement.Output output ->
                    print(Texts.str(evaluator.evaluate(output.value(), scope)));
            case Statement.If branches -> {
                return branch(branches, scope);
            }
            case Statement.For loop -> {
                Object items = evaluator.evaluate(loop.iterable(), scope);
                loop(loop, Values.elements(items, budget), scope, 0);
            }
            case Statement.Set set ->
                    assign(set.target(), evaluator.evaluate(set.value(), scope), scope);
            case Statement.SetBlock set ->
                    assign(
                            set.target(),
                            filtered(capture(set.body(), new Scope(scope)), set.filters(), scope),
                            scope);
            case Statement.MacroDefinition macro ->
                    scope.set(
                            macro.name(),
                            new Macro(macro.name(), macro.signature(), macro.body(), scope, this));
            case Statement.CallBlock call -> {
                Macro caller = new Macro("caller", call.signature(), call.body(), scope, this);
                print(Texts.str(evaluator.call(call.call(), scope, caller)));
            }
            case Statement.FilterBlock filter -> {
                String text = capture(filter.body(), new Scope(scope));
                print(Texts.str(filtered(text, filter.filters(), scope)));
            }
            case Statement.With with -> {
                return with(with, scope);
            }
            case Statement.Break end -> {
                return Flow.BREAK;
            }
            case Statement.Continue next -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.NEXT;
    }

    private void print(String text) {
        budget.allocate(text.length());
        out.append(text);
    }

    private Object filtered(Object value, List<FilterCall> filters, Scope scope) {
        Object result = value;
        for (FilterCall filter : filters) {
            result = evaluator.filter(filter, result, scope);
        }
        return result;
    }

    private Flow branch(Statement.If branches, Scope scope) {
        for (Statement.Branch branch : branches.branches()) {
            if (evaluator.truth(branch.test(), scope)) {
                return run(branch.body(), scope);
            }
        }
        return run(branches.otherwise(), scope);
    }

    private Flow with(Statement.With with, Scope scope) {
        List<Object> values = new ArrayList<>();
        for (Expression value : with.values()) {
            values.add(evaluator.evaluate(value, scope));
        }
        Scope inner = new Scope(scope);
        for (int i = 0; i < values.size(); i++) {
            assign(with.targets().get(i), values.get(i), inner);
        }
        return run(with.body(), inner);
    }

    private void loop(Statement.For statement, List<Object> all, Scope scope, int depth) {
        List<Object> items = selected(statement, all, scope);
        Loop loop =
                new Loop(
                        items,
                        depth,
                        statement.recursive()
                                ? children -> recursion(statement, children, scope, depth + 1)
                                : null);
        for (int i = 0; i < items.size(); i++) {
            loop.moveTo(i);
            Scope inner = new Scope(scope);
            assign(statement.target(), items.get(i), inner);
            inner.set("loop", loop);
            budget.steps(1);
            if (run(statement.body(), inner) == Flow.BREAK) {
                break;
            }
        }
        if (items.isEmpty()) {
            run(statement.otherwise(), new Scope(scope));
        }
    }

    private Object recursion(Statement.For statement, Object children, Scope scope, int depth) {
        StringBuilder around = out;
        out = new StringBuilder();
        budget.enter();
        loop(statement, Values.elements(children, budget), scope, depth);
        budget.leave();
        String text = out.toString();
        out = around;
        return text;
    }

    private List<Object> selected(Statement.For statement, List<Object> all, Scope scope) {
        if (statement.filter() == null) {
            return List.copyOf(all);
        }
        List<Object> items = new ArrayList<>();
        for (Object item : all) {
            Scope inner = new Scope(scope);
            assign(statement.target(), item, inner);
            if (evaluator.truth(statement.filter(), inner)) {
                items.add(item);
            }
        }
        return items;
    }

    private void assign(Target target, Object value, Scope scope) {
        switch (target) {
            case Target.Variable variable -> scope.set(variable.name(), value);
            case Target.NamespaceAttribute attribute -> {
                if (!(scope.get(attribute.namespace()) instanceof Namespace namespace)) {
                    throw new JinjaException(
                            "cannot assign the attribute '"
                                    + attribute.name()
                                    + "': '"
                                    + attribute.namespace()
                                    + "' is not a namespace");
                }
                namespace.attributes.put(attribute.name(), value);
            }
            case Target.Targets targets -> {
                List<Object> parts = Values.elements(value, budget);
                int wanted = targets.targets().size();
                if (parts.size() != wanted) {
                    throw new JinjaException(
                            "cannot unpack " + parts.size() + " values into " + wanted + " names");
                }
                for (int i = 0; i < wanted; i++) {
                    assign(targets.targets().get(i), parts.get(i), scope);
                }
            }
        }
    }
}
