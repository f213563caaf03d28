package dev.jebena.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The cases of ONNX's own backend test. All run but those of [KnownGaps]; the numbers are those of
/// the Python package in version 1.22.0.
class OnnxNodeTest {
    private static void passAllBut(String kind, int cases, Set<String> gaps) {
        List<NodeCases.Result> results = NodeCases.run(kind);
        Set<String> left =
                results.stream()
                        .filter(result -> result.outcome() != NodeCases.Outcome.PASSED)
                        .map(NodeCases.Result::name)
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(left).isEqualTo(new TreeSet<>(gaps));
        assertThat(results).hasSize(cases);
    }

    @Test
    void operators() {
        passAllBut("node", 1765, KnownGaps.NODE);
    }

    @Test
    void simpleModels() {
        passAllBut("simple", 23, KnownGaps.SIMPLE);
    }

    @Test
    void oldExportsOfOperators() {
        passAllBut("pytorch-operator", 35, KnownGaps.PYTORCH_OPERATOR);
    }

    @Test
    void oldExportsOfLayers() {
        passAllBut("pytorch-converted", 82, KnownGaps.PYTORCH_CONVERTED);
    }

    @Test
    @Tag("slow")
    void networksForImages() {
        passAllBut("light", 9, Set.of());
    }
}
