package dev.jebena.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.compute.DataType;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SafeTensorsTest {
    @TempDir private Path folder;

    @Test
    void aFileIsRead() throws IOException {
        Path path =
                write(
                        """
                        {"__metadata__":{"format":"pt"},
                        "b":{"dtype":"F16","shape":[2,3],"data_offsets":[4,16]},
                        "a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}\
                        """,
                        16);
        try (SafeTensors file = SafeTensors.open(path)) {
            assertThat(file.metadata()).isEqualTo(Map.of("format", "pt"));
            assertThat(file.tensors().keySet()).containsExactly("b", "a");
            assertThat(file.tensor("b").type()).isEqualTo(DataType.F16);
            assertThat(file.tensor("b").shape()).containsExactly(2L, 3L);
            assertThat(file.tensor("a").data().byteSize()).isEqualTo(4);
        }
    }

    @Test
    void anEmptyFileIsAFile() throws IOException {
        try (SafeTensors file = SafeTensors.open(write("{}", 0))) {
            assertThat(file.tensors()).isEmpty();
        }
    }

    @Test
    void elementsAreAlignedWhereverTheHeaderEnds() throws IOException {
        for (int spaces = 0; spaces < 8; spaces++) {
            String header = "{\"a\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,16]}}";
            Path path = write(header + " ".repeat(spaces), 16);
            try (SafeTensors file = SafeTensors.open(path)) {
                assertThat(file.tensor("a").data().get(ValueLayout.JAVA_DOUBLE, 8)).isZero();
            }
        }
    }

    @Test
    void tensorsOfOtherTypesAreRefusedOnlyWhenAskedFor() throws IOException {
        Path path =
                write(
                        """
                        {"mask":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]},
                        "new":{"dtype":"F3_E9","shape":[3],"data_offsets":[3,5]}}\
                        """,
                        5);
        try (SafeTensors file = SafeTensors.open(path)) {
            assertThat(file.tensors()).isEmpty();
            assertThat(file.others()).isEqualTo(Map.of("mask", "BOOL", "new", "F3_E9"));
            assertThatThrownBy(() -> file.tensor("mask"))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("elements of type \"BOOL\"");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[] | must begin with '{'",
                "{ | line 1, column 2: expected a key in quotes, the text ends",
                "{'t':1} | expected a key in quotes",
                "{\"t\":1} | must have the fields dtype, shape and data_offsets",
                "{\"__metadata__\":{\"a\":1}} | must have strings only, found number for \"a\"",
                "{\"__metadata__\":[]} | must be an object, found array",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}} | the shape must be whole numbers",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}} | the shape must be whole numbers",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}} | must be [begin, end]",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}} | must be [begin, end]",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,9]}} | the file is truncated: the tensor \"t\"",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | takes 64 bits, data_offsets give it 4 bytes",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,4]}} | more than 2^63 bits",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | the one before it ends at 0",
                "{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | end at data offset 4, but the file has 8 bytes",
                "{\"t\":{\"dtype\":\"I8\",\"shape\":[8],\"data_offsets\":[0,8]},\"u\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[2,4]}} | inside the tensor \"t\"",
            })
    void aDamagedHeaderIsNamed(String header, String message) throws IOException {
        assertRefused(write(header, 8), message);
    }

    @Test
    void aHeaderLengthOutOfBoundsIsRefused() throws IOException {
        Path path = write("{}", 0);
        byte[] bytes = Files.readAllBytes(path);
        assertRefused(
                Files.write(path, Mutations.overwrite(bytes, 0, 8, 100_000_001)),
                "at most 100000000 is allowed");
        assertRefused(
                Files.write(path, Mutations.overwrite(bytes, 0, 8, -1)),
                "18446744073709551615, at most");
        assertRefused(
                Files.write(path, Mutations.overwrite(bytes, 0, 8, 3)),
                "the file is truncated: the header ends at byte 11, the file has 10 bytes");
        assertRefused(Files.write(path, new byte[7]), "the file is truncated");
    }

    @Test
    void aHeaderOfMillionsOfValuesIsRefused() throws IOException {
        String header = "{\"t\":[" + "{},".repeat(3_000_000) + "0]}";
        assertRefused(write(header, 0), "more than 2000000 values");
    }

    @Test
    void anIndexOpensAllItsFiles() throws IOException {
        for (Path path : List.of(SmallFiles.sharded(folder), folder)) {
            try (SafeTensors file = SafeTensors.open(path)) {
                assertThat(file.tensors().keySet()).containsExactly("a", "b");
                assertThat(file.others()).isEqualTo(Map.of("mask", "BOOL"));
                assertThat(file.metadata()).isEqualTo(Map.of("format", "pt"));
            }
        }
    }

    @Test
    void aDamagedIndexIsNamed() throws IOException {
        Path index = SmallFiles.sharded(folder);
        String json = Files.readString(index);
        assertRefused(Files.writeString(index, "{}"), "must have an object weight_map, found null");
        assertRefused(
                Files.writeString(index, json.replace("\"b\"", "\"c\"")),
                "the tensor \"c\" is not in \"model-00002-of-00002.safetensors\"");
        assertRefused(
                Files.writeString(index, json.replace("model-00001", "../model-00001")),
                "a .safetensors file in the same folder, found \"../model-00001");
        assertRefused(
                Files.writeString(index, json.replace("model-00001", "model-00009")),
                "\"model-00009-of-00002.safetensors\" is missing");
    }

    private Path write(String header, int dataBytes) throws IOException {
        return Files.write(
                folder.resolve("model.safetensors"), SmallFiles.safeTensors(header, dataBytes));
    }

    private static void assertRefused(Path path, String message) {
        assertThatThrownBy(() -> TensorFile.open(path).close())
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining(message);
    }
}
