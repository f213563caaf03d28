package dev.jebena.tokenizers.internal.jinja;

import dev.jebena.tokenizers.internal.jinja.Statement.Signature;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A macro, or the body of a `call` block, with the variables around its definition.
record Macro(
        String name, Signature signature, List<Statement> body, Scope definedIn, Renderer renderer)
        implements Callable {
    @Override
    public Object call(Arguments arguments, Budget budget) {
        Scope scope = new Scope(definedIn);
        List<String> parameters = signature.parameters();
        List<Object> positional = arguments.positional();
        Map<String, Object> named = new HashMap<>(arguments.named());
        int given = Math.min(positional.size(), parameters.size());
        for (int i = 0; i < parameters.size(); i++) {
            String parameter = parameters.get(i);
            Object value = i < given ? positional.get(i) : named.remove(parameter);
            scope.set(parameter, value == null ? missing(i, scope) : value);
        }
        Object caller = named.remove("caller");
        if (!parameters.contains("caller")) {
            scope.set("caller", caller == null ? new Undefined("no caller defined") : caller);
        }
        scope.set("varargs", new Tuple(positional.subList(given, positional.size())));
        scope.set("kwargs", new LinkedHashMap<Object, Object>(named));
        if (positional.size() > given && !renderer.reads("varargs")) {
            throw new JinjaException(
                    "macro '" + name + "' takes not more than " + parameters.size() + " arguments");
        }
        if (!named.isEmpty() && !renderer.reads("kwargs")) {
            throw new JinjaException(
                    "macro '" + name + "' takes no keyword argument '" + named.keySet() + "'");
        }
        return renderer.capture(body, scope);
    }

    private Object missing(int parameter, Scope scope) {
        int withDefault = parameter - (signature.parameters().size() - signature.defaults().size());
        if (withDefault < 0) {
            return new Undefined(
                    "parameter '" + signature.parameters().get(parameter) + "' was not provided");
        }
        return renderer.evaluate(signature.defaults().get(withDefault), scope);
    }
}
