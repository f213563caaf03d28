package dev.jebena.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.compute.DataType;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QuantizationTest {
    private record Model(Map<String, Object> metadata, Map<String, StoredTensor> tensors)
            implements TensorFile {
        @Override
        public StoredTensor tensor(String name) {
            return Names.find(tensors, name, "model");
        }

        @Override
        public void close() {}
    }

    private static Map<String, StoredTensor> tensors(DataType... types) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        for (DataType type : types) {
            String name = "t" + tensors.size();
            MemorySegment data = MemorySegment.ofArray(new byte[4]);
            tensors.put(name, new StoredTensor(name, type, List.of(1L), data));
        }
        return tensors;
    }

    @Test
    void theFilesOwnWordCounts() {
        Map<String, Object> metadata = Map.of("general.file_type", 15L);
        assertThat(Quantization.of(new Model(metadata, tensors(DataType.F32)))).isEqualTo("Q4_K_M");
    }

    @Test
    void elseTheTypeThatMostBytesAreOf() {
        Map<String, StoredTensor> tensors = tensors(DataType.F32, DataType.F16, DataType.F16);
        assertThat(Quantization.of(new Model(Map.of(), tensors))).isEqualTo("F16");
        assertThat(Quantization.of(new Model(Map.of("general.file_type", 999L), tensors)))
                .isEqualTo("F16");
        assertThat(Quantization.of(new Model(Map.of(), Map.of()))).isEqualTo("unknown");
    }
}
