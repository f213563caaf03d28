package dev.jebena.tensor;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Values, first and second derivatives equal libtorch's; see [OracleCase].
class TorchOracleTest {
    private static final long SEED = Long.getLong("jebena.seed", 20261123);

    private static Stream<DynamicTest> tests(List<OracleCase> cases) {
        assumeTrue(Torch.isAvailable(), "libtorch does not run here");
        return cases.stream()
                .map(c ->
                        DynamicTest.dynamicTest(c.name() + ", seed " + SEED, () -> c.check(SEED)));
    }

    @TestFactory
    Stream<DynamicTest> functionsOfOneTensor() {
        return tests(OracleCases.unary());
    }

    @TestFactory
    Stream<DynamicTest> functionsOfTwoTensors() {
        return tests(OracleCases.binary());
    }

    @TestFactory
    Stream<DynamicTest> reductionsAndScans() {
        return tests(OracleCases.reductions());
    }

    @TestFactory
    Stream<DynamicTest> viewsAndIndices() {
        return tests(OracleCases.views());
    }

    @TestFactory
    Stream<DynamicTest> matrixProductsAndAttention() {
        return tests(LayerOracleCases.products());
    }

    @TestFactory
    Stream<DynamicTest> convolutionsPoolingNormsAndLosses() {
        return tests(LayerOracleCases.networks());
    }

    @TestFactory
    Stream<DynamicTest> fourierTransformsAndLinearAlgebra() {
        return tests(LayerOracleCases.algebra());
    }
}
