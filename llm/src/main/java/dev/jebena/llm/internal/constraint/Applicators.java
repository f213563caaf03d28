package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.internal.constraint.Expansion.Either;
import dev.jebena.llm.internal.constraint.Expansion.Fact;
import dev.jebena.llm.internal.constraint.Expansion.Item;
import dev.jebena.llm.internal.constraint.Expansion.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/// What the keywords of a schema that apply other schemas to the same value mean, and how each can
/// be violated.
final class Applicators {
    private final SchemaDocument document;
    private final Assertions assertions = new Assertions();
    private final Violations violations = new Violations();
    private final BiPredicate<Item, Item> exclude;

    /// @param exclude whether no value can satisfy both
    Applicators(SchemaDocument document, BiPredicate<Item, Item> exclude) {
        this.document = document;
        this.exclude = exclude;
    }

    /// What is to be looked at for `item` to hold, or not to.
    List<Task> parts(Item item) {
        String p = item.literal().pointer();
        Map<String, @Nullable Object> schema = SchemaKeywords.object(item.literal().schema(), p);
        SchemaKeywords.check(schema, p);
        return item.literal().holds() ? all(item, schema, p) : any(item, schema, p);
    }

    /// What holds where the schema holds.
    private List<Task> all(Item item, Map<String, @Nullable Object> schema, String p) {
        Item self = item;
        if (schema.containsKey("unevaluatedProperties") || schema.containsKey("unevaluatedItems")) {
            List<Object> scopes = new ArrayList<>(item.scopes());
            scopes.add(schema);
            self = new Item(item.literal(), scopes, item.inside());
        }
        List<Task> tasks = new ArrayList<>(assertions.of(schema, self));
        for (Map.Entry<String, @Nullable Object> entry : schema.entrySet()) {
            tasks.addAll(applied(self, schema, entry.getKey(), entry.getValue(), p));
        }
        return tasks;
    }

    private List<Task> applied(
            Item self,
            Map<String, @Nullable Object> schema,
            String keyword,
            @Nullable Object said,
            String p) {
        String place = p + "/" + keyword;
        return switch (keyword) {
            case "$ref" -> List.of(self.part(document.target(said, schema, p), true, "" + said));
            case "$dynamicRef" ->
                    List.of(self.part(document.dynamicTarget(said, schema, p), true, "" + said));
            case "allOf" -> branches(self, schema, keyword, true, p);
            case "anyOf" -> List.of(either(branches(self, schema, keyword, true, p)));
            case "oneOf" -> List.of(exactlyOne(self, schema, p));
            case "not" -> List.of(self.part(said, false, place));
            case "if" -> conditional(self, schema, true, p);
            case "dependentSchemas" -> {
                List<Task> tasks = new ArrayList<>();
                SchemaKeywords.object(said, place)
                        .forEach((name, one) ->
                                tasks.add(
                                        new Either(
                                                List.of(
                                                        List.of(absent(name)),
                                                        List.of(
                                                                present(name),
                                                                self.part(
                                                                        one,
                                                                        true,
                                                                        place + "/" + name))))));
                yield tasks;
            }
            case "dependentRequired" -> {
                List<Task> tasks = new ArrayList<>();
                for (String name : SchemaKeywords.object(said, place).keySet()) {
                    tasks.add(
                            new Either(
                                    List.of(List.of(absent(name)), List.of(needs(said, name, p)))));
                }
                yield tasks;
            }
            default -> List.of();
        };
    }

    private static Fact absent(String name) {
        return Fact.of(facts -> facts.absent.add(name));
    }

    private static Fact present(String name) {
        return Fact.of(facts -> facts.required.add(name));
    }

    private static Fact needs(@Nullable Object dependencies, String name, String p) {
        List<String> names = SchemaKeywords.names(SchemaKeywords.object(dependencies, p), name, p);
        return Fact.of(facts -> facts.required.addAll(names));
    }

    private static List<Task> branches(
            Item self,
            Map<String, @Nullable Object> schema,
            String keyword,
            boolean holds,
            String p) {
        List<Task> items = new ArrayList<>();
        int i = 0;
        for (Object branch : SchemaKeywords.list(schema, keyword, p)) {
            items.add(self.part(branch, holds, p + "/" + keyword + "/" + i++));
        }
        return items;
    }

    private static Either either(List<Task> single) {
        return new Either(single.stream().map(List::of).toList());
    }

    private Either exactlyOne(Item self, Map<String, @Nullable Object> schema, String p) {
        List<Task> yes = branches(self, schema, "oneOf", true, p);
        List<Task> no = branches(self, schema, "oneOf", false, p);
        List<List<Task>> alternatives = new ArrayList<>();
        for (int i = 0; i < yes.size(); i++) {
            List<Task> alternative = new ArrayList<>(List.of(yes.get(i)));
            for (int j = 0; j < no.size(); j++) {
                if (i != j && !exclude.test((Item) yes.get(i), (Item) yes.get(j))) {
                    alternative.add(no.get(j));
                }
            }
            alternatives.add(alternative);
        }
        return new Either(alternatives);
    }

    /// `if` holds with `then`, or does not with `else`; the other way round where it must not hold.
    private static List<Task> conditional(
            Item self, Map<String, @Nullable Object> schema, boolean holds, String p) {
        if (!schema.containsKey("then") && !schema.containsKey("else")) {
            // It only evaluates, which a narrower reading may leave out.
            return holds ? List.of() : List.of(self.part(false, true, p));
        }
        Object then = schema.getOrDefault("then", true);
        Object otherwise = schema.getOrDefault("else", true);
        return List.of(
                new Either(
                        List.of(
                                List.of(
                                        self.part(schema.get("if"), true, p + "/if"),
                                        self.part(then, holds, p + "/then")),
                                List.of(
                                        self.part(schema.get("if"), false, p + "/if"),
                                        self.part(otherwise, holds, p + "/else")))));
    }

    /// The ways in which the schema may not hold.
    private List<Task> any(Item item, Map<String, @Nullable Object> schema, String p) {
        List<List<Task>> ways = new ArrayList<>(violations.against(schema, item));
        for (Map.Entry<String, @Nullable Object> entry : schema.entrySet()) {
            ways.addAll(against(item, schema, entry.getKey(), entry.getValue(), p));
        }
        return List.of(new Either(ways));
    }

    private List<List<Task>> against(
            Item self,
            Map<String, @Nullable Object> schema,
            String keyword,
            @Nullable Object said,
            String p) {
        String place = p + "/" + keyword;
        List<List<Task>> ways = new ArrayList<>();
        switch (keyword) {
            case "$ref" ->
                    ways.add(
                            List.of(self.part(document.target(said, schema, p), false, "" + said)));
            case "$dynamicRef" ->
                    ways.add(
                            List.of(
                                    self.part(
                                            document.dynamicTarget(said, schema, p),
                                            false,
                                            "" + said)));
            case "allOf" ->
                    branches(self, schema, keyword, false, p)
                            .forEach(one -> ways.add(List.of(one)));
            case "anyOf" -> ways.add(branches(self, schema, keyword, false, p));
            case "oneOf" -> {
                ways.add(branches(self, schema, keyword, false, p));
                List<Task> yes = branches(self, schema, keyword, true, p);
                for (int i = 0; i < yes.size(); i++) {
                    for (int j = 0; j < i; j++) {
                        ways.add(List.of(yes.get(i), yes.get(j)));
                    }
                }
            }
            case "not" -> ways.add(List.of(self.part(said, true, place)));
            case "if" -> ways.add(conditional(self, schema, false, p));
            case "dependentSchemas" ->
                    SchemaKeywords.object(said, place)
                            .forEach((name, one) ->
                                    ways.add(
                                            List.of(
                                                    new Fact(f -> {
                                                        f.required.add(name);
                                                        return f.only("object");
                                                    }),
                                                    self.part(one, false, place + "/" + name))));
            case "dependentRequired" ->
                    SchemaKeywords.object(said, place)
                            .keySet()
                            .forEach(name -> {
                                for (String other :
                                        SchemaKeywords.names(
                                                SchemaKeywords.object(said, place), name, p)) {
                                    ways.add(
                                            List.of(
                                                    new Fact(f -> {
                                                        f.required.add(name);
                                                        f.absent.add(other);
                                                        return f.only("object");
                                                    })));
                                }
                            });
            default -> {}
        }
        return ways;
    }
}
