package dev.jebena.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.downloads.OnnxCase;
import dev.jebena.formats.FormatException;
import dev.jebena.formats.OnnxModel;
import dev.jebena.formats.OnnxValue;
import dev.jebena.formats.OnnxValueInfo;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Damaged models with damaged inputs run, or are refused with an error of ours: nothing else, in
/// bounded time. The models are ONNX's cases, so that each operator gets attributes and shapes that
/// its author did not think of. As many cases as the system property `jebena.fuzz.cases` says.
class OnnxFuzzTest {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 2_000);
    private static final long MOST_NANOSECONDS = 20_000_000_000L;
    private static final byte[] HOSTILE = {0, 1, 2, 3, 7, 16, 64, 127, -128, -127, -2, -1};

    private record Sample(String name, byte[] model, Map<String, Datum> inputs) {}

    @Test
    void damagedModelsAreRefusedOrRun() throws IOException {
        List<Sample> samples = samples();
        int ran = 0;
        for (long seed = 1; seed <= CASES; seed++) {
            Random random = new Random(seed);
            Sample sample = samples.get(random.nextInt(samples.size()));
            long begin = System.nanoTime();
            try {
                ran += runs(sample, random) ? 1 : 0;
            } catch (Throwable e) {
                throw new AssertionError("seed %d, %s: %s".formatted(seed, sample.name, e), e);
            }
            assertThat(System.nanoTime() - begin)
                    .as("nanoseconds of seed %d, %s", seed, sample.name)
                    .isLessThan(MOST_NANOSECONDS);
        }
        assertThat(ran).isGreaterThan(CASES / 20);
    }

    /// Without those that loop as often as a number in the file says, and large ones.
    private static List<Sample> samples() throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (OnnxCase one : OnnxCase.all("node")) {
            byte[] bytes = Files.readAllBytes(one.model());
            if (one.dataSets().isEmpty()
                    || one.name().contains("loop")
                    || one.name().contains("range")
                    || bytes.length > 20_000) {
                continue;
            }
            List<OnnxValueInfo> infos =
                    OnnxModel.read(MemorySegment.ofArray(bytes)).graph().inputs();
            Map<String, Datum> inputs = new LinkedHashMap<>();
            var files = one.dataSets().getFirst().inputs();
            for (int i = 0; i < files.size(); i++) {
                inputs.put(
                        infos.get(i).name(),
                        Datum.of(OnnxValue.load(files.get(i), infos.get(i).type())));
            }
            samples.add(new Sample(one.name(), bytes, inputs));
        }
        return samples;
    }

    private static boolean runs(Sample sample, Random random) {
        byte[] bytes = sample.model.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            byte value =
                    random.nextBoolean()
                            ? HOSTILE[random.nextInt(HOSTILE.length)]
                            : (byte) random.nextInt();
            bytes[random.nextInt(bytes.length)] = value;
        }
        Map<String, Datum> inputs = new LinkedHashMap<>();
        sample.inputs.forEach((name, datum) -> inputs.put(name, damaged(datum, random)));
        try {
            OnnxProgram.of(OnnxModel.read(MemorySegment.ofArray(bytes))).evaluate(inputs);
            return true;
        } catch (FormatException | OnnxException e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(4_000);
            return false;
        }
    }

    /// Mostly the same, sometimes with another shape or other numbers.
    private static Datum damaged(Datum datum, Random random) {
        if (!(datum instanceof Datum.Numbers numbers) || random.nextInt(4) > 0) {
            return datum;
        }
        Tensor x = numbers.tensor();
        Tensor changed =
                switch (random.nextInt(5)) {
                    case 0 -> x.unsqueeze(0);
                    case 1 -> x.rank() > 0 && x.dim(0) > 0 ? x.slice(0, 1, x.dim(0)) : x;
                    case 2 -> x.dtype() == DType.BOOL ? x : x.neg();
                    case 3 -> x.flatten();
                    default -> x.rank() > 1 ? x.t() : x;
                };
        return new Datum.Numbers(numbers.element(), changed);
    }
}
