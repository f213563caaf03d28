package dev.jebena.governance;

import dev.jebena.base.HttpJson;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a model came from, under which licences, and whether these allow it: base models and data
/// sets of its card, their own cards where these can be had, and what the lineage knows.
///
/// @param things by name, the model itself first
/// @param steps from what something was made of to what was made
public record LicenseGraph(Map<String, LicenseThing> things, List<Step> steps) {
    private static final int MOST = 500;

    /// One step with what the rules say of it.
    ///
    /// @param proof what says that it came of it: the field of a card, or a record of the lineage
    public record Step(
            String from,
            String to,
            LicenseRelation relation,
            String proof,
            List<LicenseVerdict> verdicts) {
        public LicenseVerdict.Level level() {
            return verdicts.stream()
                    .map(LicenseVerdict::level)
                    .reduce(LicenseVerdict.Level.ALLOWED, (a, b) -> a.compareTo(b) >= 0 ? a : b);
        }

        Map<String, @Nullable Object> json() {
            return HttpJson.object(
                    "from",
                    from,
                    "to",
                    to,
                    "relation",
                    relation.toString(),
                    "proof",
                    proof,
                    "verdict",
                    level().toString(),
                    "verdicts",
                    verdicts.stream().map(LicenseVerdict::json).toList());
        }
    }

    /// An ancestor that is known from elsewhere than a card, such as the lineage.
    public record Ancestor(String name, CardKind kind, LicenseRelation relation, String proof) {}

    public LicenseGraph {
        things = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(things));
        steps = List.copyOf(steps);
    }

    /// The graph of a model or data set.
    ///
    /// @param license its own; empty where none is known
    /// @param proof what says so
    /// @param ancestors besides those of the card
    public static LicenseGraph of(
            String name,
            CardKind kind,
            String license,
            String proof,
            Optional<Card> card,
            List<Ancestor> ancestors,
            LicenseSource source) {
        Building building = new Building(source);
        building.things.put(name, new LicenseThing(name, kind, LicenseTerms.of(license), proof));
        building.add(name, card);
        ancestors.forEach(ancestor -> building.step(name, ancestor));
        building.all();
        return new LicenseGraph(building.things, building.steps);
    }

    public LicenseVerdict.Level level() {
        return steps.stream()
                .map(Step::level)
                .reduce(LicenseVerdict.Level.ALLOWED, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }

    /// `{"verdict", "things", "steps"}`.
    public Map<String, @Nullable Object> json() {
        return HttpJson.object(
                "verdict",
                level().toString(),
                "things",
                things.values().stream().map(LicenseThing::json).toList(),
                "steps",
                steps.stream().map(Step::json).toList());
    }

    private static final class Building {
        private final LicenseSource source;
        private final Map<String, LicenseThing> things = new LinkedHashMap<>();
        private final List<Step> steps = new ArrayList<>();
        private final Deque<Map.Entry<String, Card>> left = new ArrayDeque<>();

        Building(LicenseSource source) {
            this.source = source;
        }

        void add(String name, Optional<Card> card) {
            card.ifPresent(c -> left.add(Map.entry(name, c)));
        }

        /// Follows cards until there are no more.
        void all() {
            while (!left.isEmpty() && steps.size() < MOST) {
                Map.Entry<String, Card> next = left.poll();
                for (Ancestor ancestor : ancestors(next.getValue())) {
                    step(next.getKey(), ancestor);
                }
            }
        }

        private static List<Ancestor> ancestors(Card card) {
            List<Ancestor> found = new ArrayList<>();
            List<String> bases = card.texts("base_model");
            String told = String.valueOf(card.data().getOrDefault("base_model_relation", ""));
            LicenseRelation relation =
                    told.isEmpty() && bases.size() > 1
                            ? LicenseRelation.MERGE
                            : LicenseRelation.of(told);
            for (String base : bases) {
                found.add(new Ancestor(base, CardKind.MODEL, relation, "base_model of the card"));
            }
            for (String data : card.texts("datasets")) {
                found.add(
                        new Ancestor(
                                data,
                                CardKind.DATASET,
                                LicenseRelation.TRAINED_ON,
                                "datasets of the card"));
            }
            for (String data : card.texts("source_datasets")) {
                if (!List.of("original", "extended").contains(data)) {
                    found.add(
                            new Ancestor(
                                    data,
                                    CardKind.DATASET,
                                    LicenseRelation.DERIVED,
                                    "source_datasets of the card"));
                }
            }
            return found;
        }

        void step(String to, Ancestor ancestor) {
            String from = ancestor.name();
            if (from.equals(to) || steps.size() >= MOST) {
                return;
            }
            if (!things.containsKey(from)) {
                Optional<LicenseSource.Known> known = source.find(from, ancestor.kind());
                things.put(
                        from,
                        new LicenseThing(
                                from,
                                ancestor.kind(),
                                LicenseTerms.of(known.map(LicenseSource.Known::license).orElse("")),
                                known.map(LicenseSource.Known::proof).orElse("")));
                add(from, known.flatMap(LicenseSource.Known::card));
            }
            LicenseThing source = thing(from);
            LicenseThing target = thing(to);
            steps.add(
                    new Step(
                            from,
                            to,
                            ancestor.relation(),
                            ancestor.proof(),
                            LicenseRules.of(
                                    source.terms(),
                                    ancestor.relation(),
                                    target.terms(),
                                    target.name())));
        }

        private LicenseThing thing(String name) {
            return java.util.Objects.requireNonNull(things.get(name));
        }
    }
}
