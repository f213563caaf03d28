package dev.jebena.llm.internal.constraint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the members of an object must be, by their names.
final class MemberSchemas {
    private static final int MAX_REGIONS = 64;

    /// Names that no property has and for which the same schemas hold.
    ///
    /// @param names null for all strings
    record Region(@Nullable Language names, Set<Literal> value) {}

    private final Facts facts;
    private final SchemaGrammar schemas;
    private final Set<String> names = new LinkedHashSet<>();
    private final Map<String, Language> patterns = new LinkedHashMap<>();

    MemberSchemas(Facts facts, SchemaGrammar schemas) {
        this.facts = facts;
        this.schemas = schemas;
        for (Facts.Members members : facts.members) {
            names.addAll(members.properties().keySet());
            for (String pattern : members.patterns().keySet()) {
                patterns.computeIfAbsent(
                        pattern, key -> Language.of(RegexParser.parse(key, members.pointer())));
            }
        }
        names.addAll(facts.required);
        names.addAll(facts.absent);
        names.addAll(facts.named.keySet());
    }

    /// Names that the schema mentions, in its order.
    Set<String> names() {
        return names;
    }

    /// Whether `propertyNames` allows the name.
    boolean mayBeNamed(String name) {
        return facts.names.stream().allMatch(literal -> schemas.check().holds(literal, name));
    }

    /// What holds for the property `name`.
    Set<Literal> named(String name) {
        Set<String> matching = new LinkedHashSet<>();
        patterns.forEach((pattern, language) -> {
            if (language.contains(name)) {
                matching.add(pattern);
            }
        });
        Set<Literal> literals = value(name, matching);
        literals.addAll(facts.named.getOrDefault(name, List.of()));
        return literals;
    }

    /// @param name null for names that are no property's
    private Set<Literal> value(@Nullable String name, Set<String> matching) {
        Set<Literal> literals = new LinkedHashSet<>();
        for (Facts.Members members : facts.members) {
            String p = members.pointer();
            if (name != null && members.properties().containsKey(name)) {
                literals.add(
                        Literal.yes(members.properties().get(name), p + "/properties/" + name));
            }
            members.patterns()
                    .forEach((pattern, schema) -> {
                        if (matching.contains(pattern)) {
                            literals.add(Literal.yes(schema, p + "/patternProperties"));
                        }
                    });
            if (members.additional() != null && !knows(members, name, matching)) {
                literals.add(Literal.yes(members.additional(), p + "/additionalProperties"));
            }
        }
        for (Facts.LeftOver rest : facts.leftOver) {
            if (!rest.ofItems() && !facts.isTaken(rest) && !isEvaluated(rest, name, matching)) {
                literals.add(Literal.yes(rest.schema(), rest.pointer()));
            }
        }
        return literals;
    }

    private static boolean knows(
            Facts.Members members, @Nullable String name, Set<String> matching) {
        return (name != null && members.properties().containsKey(name))
                || members.patterns().keySet().stream().anyMatch(matching::contains);
    }

    private boolean isEvaluated(Facts.LeftOver rest, @Nullable String name, Set<String> matching) {
        return facts.members.stream()
                .filter(members -> Facts.sees(rest.owner(), members.scopes()))
                .anyMatch(
                        members -> members.additional() != null || knows(members, name, matching));
    }

    /// The names that are free, by what holds for them; none where there may be no others.
    List<Region> others() {
        if (closes()) {
            return List.of();
        }
        List<Region> regions = new ArrayList<>();
        if (names.isEmpty() && patterns.isEmpty() && facts.names.isEmpty()) {
            return List.of(new Region(null, value(null, Set.of())));
        }
        Language all = Language.ofLength(0, -1).minus(Language.of(List.copyOf(names)));
        if (!facts.names.isEmpty()) {
            all = all.and(allowedNames());
        }
        split(all, List.copyOf(patterns.keySet()), new LinkedHashSet<>(), regions);
        return regions;
    }

    /// A schema that names properties and does not say whether there are others means none.
    private boolean closes() {
        boolean says =
                facts.members.stream()
                                .anyMatch(members ->
                                        members.additional() != null
                                                || !members.patterns().isEmpty())
                        || facts.leftOver.stream().anyMatch(rest -> !rest.ofItems());
        boolean needs =
                !facts.names.isEmpty()
                        || !facts.witnesses.isEmpty()
                        || facts.minMembers > names.size() - facts.absent.size();
        boolean mentions =
                !facts.required.isEmpty()
                        || facts.members.stream().anyMatch(m -> !m.properties().isEmpty());
        return !schemas.wide() && mentions && !says && !needs;
    }

    private Language allowedNames() {
        List<Literal> literals = new ArrayList<>(facts.names);
        Language allowed = Language.of(List.of());
        for (Facts one : schemas.expansion().of(literals)) {
            if (!one.types.contains("string")) {
                continue;
            }
            List<@Nullable Object> values = one.values;
            if (values == null) {
                allowed = allowed.or(StringText.language(one));
            } else {
                List<String> texts =
                        values.stream()
                                .filter(String.class::isInstance)
                                .map(String.class::cast)
                                .filter(this::mayBeNamed)
                                .toList();
                allowed = allowed.or(Language.of(texts));
            }
        }
        return allowed;
    }

    private void split(
            Language names, List<String> rest, Set<String> matching, List<Region> regions) {
        if (names.isEmpty()) {
            return;
        }
        if (rest.isEmpty()) {
            Set<Literal> value = value(null, matching);
            if (value.stream().noneMatch(Literal::isFalse)) {
                regions.add(new Region(names, value));
            }
            if (regions.size() > MAX_REGIONS) {
                throw Grammar.refused(
                        "schema: the keyword 'patternProperties' has too many patterns that overlap");
            }
            return;
        }
        Language pattern = patterns.getOrDefault(rest.getFirst(), names);
        List<String> further = rest.subList(1, rest.size());
        split(names.minus(pattern), further, matching, regions);
        Set<String> more = new LinkedHashSet<>(matching);
        more.add(rest.getFirst());
        split(names.and(pattern), further, more, regions);
    }
}
