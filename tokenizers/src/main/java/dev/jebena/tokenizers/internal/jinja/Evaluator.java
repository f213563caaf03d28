package dev.jebena.tokenizers.internal.jinja;

import dev.jebena.tokenizers.internal.jinja.Expression.Argument;
import dev.jebena.tokenizers.internal.jinja.Expression.FilterCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gives expressions their values.
final class Evaluator {
    private final Budget budget;

    Evaluator(Budget budget) {
        this.budget = budget;
    }

    Object evaluate(Expression expression, Scope scope) {
        budget.enter();
        Object value =
                switch (expression) {
                    case Expression.Literal literal -> literal.value();
                    case Expression.Name name -> scope.get(name.name());
                    case Expression.ListOf list -> all(list.items(), scope);
                    case Expression.TupleOf tuple -> new Tuple(all(tuple.items(), scope));
                    case Expression.DictOf dict -> dict(dict, scope);
                    case Expression.Attribute attribute ->
                            Attributes.attribute(
                                    evaluate(attribute.owner(), scope), attribute.name(), budget);
                    case Expression.Item item ->
                            Attributes.item(
                                    evaluate(item.owner(), scope),
                                    evaluate(item.key(), scope),
                                    budget);
                    case Expression.Slice slice -> slice(slice, scope);
                    case Expression.Call call -> call(call, scope, null);
                    case Expression.Filtered filtered ->
                            filter(filtered.filter(), evaluate(filtered.operand(), scope), scope);
                    case Expression.Tested tested -> test(tested, scope);
                    case Expression.Not not -> !truth(not.operand(), scope);
                    case Expression.Signed signed -> signed(signed, scope);
                    case Expression.Arithmetic arithmetic -> arithmetic(arithmetic, scope);
                    case Expression.Comparison comparison -> comparison(comparison, scope);
                    case Expression.And and -> shortCircuit(and.operands(), false, scope);
                    case Expression.Or or -> shortCircuit(or.operands(), true, scope);
                    case Expression.Concatenation concatenation ->
                            concatenation(concatenation.operands(), scope);
                    case Expression.Conditional conditional -> conditional(conditional, scope);
                };
        budget.leave();
        return value;
    }

    boolean truth(Expression expression, Scope scope) {
        return Values.truth(evaluate(expression, scope));
    }

    private List<Object> all(List<Expression> expressions, Scope scope) {
        List<Object> values = new ArrayList<>(expressions.size());
        for (Expression expression : expressions) {
            values.add(evaluate(expression, scope));
        }
        return values;
    }

    private Object dict(Expression.DictOf dict, Scope scope) {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < dict.keys().size(); i++) {
            Object key = Values.key(evaluate(dict.keys().get(i), scope));
            map.put(key, evaluate(dict.values().get(i), scope));
        }
        return map;
    }

    private Object slice(Expression.Slice slice, Scope scope) {
        return Slices.slice(
                evaluate(slice.owner(), scope),
                optional(slice.start(), scope),
                optional(slice.stop(), scope),
                optional(slice.step(), scope),
                budget);
    }

    private Object optional(@Nullable Expression expression, Scope scope) {
        return expression == null ? None.NONE : evaluate(expression, scope);
    }

    /// Calls what `call` names; a call block's body comes as `caller`.
    Object call(Expression.Call call, Scope scope, @Nullable Macro caller) {
        Object callee = evaluate(call.callee(), scope);
        Arguments arguments = arguments(call.arguments(), scope);
        if (caller != null) {
            Map<String, Object> named = new LinkedHashMap<>(arguments.named());
            named.put("caller", caller);
            arguments = new Arguments(arguments.positional(), named);
        }
        if (callee instanceof Callable function) {
            return function.call(arguments, budget);
        }
        throw new JinjaException(
                callee instanceof Undefined missing
                        ? missing.reason()
                        : "'" + Values.typeName(callee) + "' object is not callable");
    }

    private Arguments arguments(List<Argument> arguments, Scope scope) {
        if (arguments.isEmpty()) {
            return Arguments.NONE;
        }
        List<Object> positional = new ArrayList<>();
        Map<String, Object> named = new LinkedHashMap<>();
        for (Argument argument : arguments) {
            Object value = evaluate(argument.value(), scope);
            switch (argument.kind()) {
                case POSITIONAL -> positional.add(value);
                case NAMED -> named.put(argument.name(), value);
                case SPREAD -> positional.addAll(Values.elements(value, budget));
                case SPREAD_NAMED -> {
                    if (!(value instanceof Map<?, ?> map)) {
                        throw new JinjaException("the argument after ** must be a mapping");
                    }
                    Values.map(map).forEach((key, item) -> named.put(Texts.str(key), item));
                }
            }
        }
        return new Arguments(positional, named);
    }

    Object filter(FilterCall filter, Object operand, Scope scope) {
        return Filters.apply(filter.name(), operand, arguments(filter.arguments(), scope), budget);
    }

    private Object test(Expression.Tested tested, Scope scope) {
        Object operand = evaluate(tested.operand(), scope);
        return Tests.holds(tested.test(), operand, arguments(tested.arguments(), scope), budget);
    }

    private Object signed(Expression.Signed signed, Scope scope) {
        Object value = evaluate(signed.operand(), scope);
        if (value instanceof Undefined missing) {
            throw new JinjaException(missing.reason());
        }
        if (!Numbers.isNumber(value)) {
            throw new JinjaException("bad operand type for a sign: " + Values.typeName(value));
        }
        return signed.negative()
                ? Numbers.negate(value)
                : value instanceof Boolean bool ? Long.valueOf(bool ? 1 : 0) : value;
    }

    private Object arithmetic(Expression.Arithmetic arithmetic, Scope scope) {
        Object value = evaluate(arithmetic.first(), scope);
        for (int i = 0; i < arithmetic.operands().size(); i++) {
            Object operand = evaluate(arithmetic.operands().get(i), scope);
            value = Operators.arithmetic(arithmetic.operators().get(i), value, operand, budget);
        }
        return value;
    }

    private Object comparison(Expression.Comparison comparison, Scope scope) {
        Object left = evaluate(comparison.first(), scope);
        for (int i = 0; i < comparison.operands().size(); i++) {
            Object right = evaluate(comparison.operands().get(i), scope);
            if (!Operators.compare(comparison.operators().get(i), left, right, budget)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    /// The first operand whose truth is `wanted`, or else the last one.
    private Object shortCircuit(List<Expression> operands, boolean wanted, Scope scope) {
        Object value = None.NONE;
        for (Expression operand : operands) {
            value = evaluate(operand, scope);
            if (Values.truth(value) == wanted) {
                break;
            }
        }
        return value;
    }

    private Object concatenation(List<Expression> operands, Scope scope) {
        StringBuilder text = new StringBuilder();
        for (Expression operand : operands) {
            String part = Texts.str(evaluate(operand, scope));
            budget.allocate((long) text.length() + part.length());
            text.append(part);
        }
        return text.toString();
    }

    private Object conditional(Expression.Conditional conditional, Scope scope) {
        if (truth(conditional.test(), scope)) {
            return evaluate(conditional.then(), scope);
        }
        return conditional.otherwise() == null
                ? new Undefined("the inline if was false and has no else")
                : evaluate(conditional.otherwise(), scope);
    }
}
