package dev.jebena.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every way of searching finds the same runs in the same order as a search by hand.
class RunSearchTest {
    private static final int RUNS = 200;

    @TempDir static Path folder;
    private static Tracking tracking;
    private static long experiment;

    private record Known(int number, double acc, boolean hasLoss, String model) {}

    private static final List<Known> KNOWN = new ArrayList<>();

    @BeforeAll
    static void fill() {
        tracking = Tracking.open(TrackingOptions.in(folder));
        experiment = tracking.experiments().create("search", "", Map.of());
        List<Integer> order = new ArrayList<>(IntStream.range(0, RUNS).boxed().toList());
        Collections.shuffle(order, new Random(7));
        for (int number : order) {
            Known known =
                    new Known(
                            number,
                            (number * 37 % RUNS) / 10.0,
                            number % 3 == 0,
                            number % 50 == 0 ? "rare" : number % 2 == 0 ? "tree" : "Tree");
            KNOWN.add(known);
            Run run =
                    tracking.runs()
                            .create(
                                    new Runs.Start(
                                            Long.toString(experiment),
                                            "joe",
                                            "run-" + number,
                                            1_000L + number,
                                            Map.of("even", Boolean.toString(number % 2 == 0))));
            List<Metric> metrics = new ArrayList<>();
            metrics.add(new Metric("acc", known.acc(), 1, 0, null, null, null));
            if (known.hasLoss()) {
                double loss = number == 0 ? Double.NaN : number;
                metrics.add(new Metric("loss", loss, 1, 0, null, null, null));
            }
            tracking.runs().log(run.row.uuid(), metrics, Map.of("model", known.model()), Map.of());
        }
    }

    @AfterAll
    static void close() {
        tracking.close();
    }

    private static List<String> found(String filter, String... order) {
        return page(filter, 0, 1000, List.of(experiment), order);
    }

    private static List<String> page(
            String filter, long offset, long limit, List<Long> experiments, String... order) {
        RunSearch.Query query =
                new RunSearch.Query(
                        experiments,
                        FilterParser.parse(RunFilter.GRAMMAR, filter),
                        ViewType.ACTIVE_ONLY,
                        OrderClause.parse(RunFilter.GRAMMAR, List.of(order)),
                        offset,
                        limit);
        List<Long> ids = tracking.search().ids(query);
        return tracking.data().read(sql -> RunReader.all(sql, ids)).stream()
                .map(run -> run.row.name())
                .toList();
    }

    private static List<String> expected(
            java.util.function.Predicate<Known> filter, Comparator<Known> order) {
        return KNOWN.stream()
                .filter(filter)
                .sorted(order.thenComparing(Comparator.comparingInt(Known::number).reversed()))
                .map(k -> "run-" + k.number())
                .toList();
    }

    private static final Comparator<Known> NEWEST =
            Comparator.comparingInt(Known::number).reversed();

    @Test
    void theDefaultOrderIsNewestFirst() {
        assertThat(found("")).isEqualTo(expected(_ -> true, NEWEST));
    }

    @Test
    void anOrderByAMetricGoesByItsValue() {
        assertThat(found("", "metrics.acc DESC"))
                .isEqualTo(expected(_ -> true, Comparator.comparingDouble(Known::acc).reversed()));
        assertThat(found("metrics.acc > 5", "metrics.acc ASC"))
                .isEqualTo(expected(k -> k.acc() > 5, Comparator.comparingDouble(Known::acc)));
    }

    @Test
    void runsWithNaNComeAfterThoseWithAValueAndBeforeThoseWithout() {
        Comparator<Known> byLoss =
                Comparator.comparingDouble(
                        k -> !k.hasLoss() ? 10_000 : k.number() == 0 ? 5_000 : k.number());
        assertThat(found("", "metrics.loss ASC")).isEqualTo(expected(_ -> true, byLoss));
        assertThat(page("", 0, 1000, List.of(experiment, 0L), "metrics.loss ASC"))
                .as("the way for several experiments")
                .isEqualTo(expected(_ -> true, byLoss));
    }

    @Test
    void bothWaysOfAnOrderByTextsAgree() {
        for (String order : List.of("params.model DESC", "tags.even ASC", "params.none ASC")) {
            assertThat(found("metrics.acc < 15", order, "metrics.acc DESC"))
                    .as(order)
                    .isEqualTo(
                            page(
                                    "metrics.acc < 15",
                                    0,
                                    1000,
                                    List.of(experiment, 0L),
                                    order,
                                    "metrics.acc DESC"));
        }
    }

    @Test
    void aRareValueLeadsAndGivesTheSameAnswer() {
        assertThat(found("params.model = 'rare' AND metrics.acc >= 0"))
                .isEqualTo(expected(k -> k.model().equals("rare"), NEWEST));
        assertThat(found("params.model = 'rare'", "metrics.acc ASC"))
                .isEqualTo(
                        expected(
                                k -> k.model().equals("rare"),
                                Comparator.comparingDouble(Known::acc)));
    }

    @Test
    void likeIsExactAndIlikeIsNot() {
        assertThat(found("params.model LIKE 'tr%'"))
                .isEqualTo(expected(k -> k.model().equals("tree"), NEWEST));
        assertThat(found("params.model ILIKE 'TR%'"))
                .isEqualTo(expected(k -> !k.model().equals("rare"), NEWEST));
        assertThat(found("attributes.run_name LIKE 'run-19%'")).hasSize(11);
    }

    @Test
    void pagesPutTogetherAreTheWhole() {
        for (String order :
                List.of("metrics.loss DESC", "attributes.start_time ASC", "params.model ASC")) {
            List<String> whole = found("tags.even = 'true'", order);
            List<String> parts = new ArrayList<>();
            for (int from = 0; from < RUNS; from += 7) {
                parts.addAll(page("tags.even = 'true'", from, 7, List.of(experiment), order));
            }
            assertThat(parts).as(order).isEqualTo(whole).hasSize(RUNS / 2);
        }
    }

    @Test
    void aTextThatLooksLikeSqlIsAText() {
        String evil = "x' OR '1'='1";
        assertThatThrownBy(() -> found("params.model = '" + evil + "'"))
                .hasMessageContaining("Invalid clause(s)");
        assertThat(found("params.model = \"" + evil + "\"")).isEmpty();
        assertThat(found("params.`model'; DROP TABLE run; --` = 'x'")).isEmpty();
        assertThat(found("")).hasSize(RUNS);
    }
}
