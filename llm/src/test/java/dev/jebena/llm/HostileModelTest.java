package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.formats.FormatException;
import dev.jebena.formats.Quantizer;
import dev.jebena.llm.internal.model.TransformersFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileModelTest {
    private static final LlmOptions SMALL = LlmOptions.defaults().threads(1).maxSequences(2);

    @TempDir static Path folder;

    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 2000);

    @Test
    void damagedHeadersAreClearProblems() throws IOException {
        for (String name :
                new String[] {
                    "llama-F32",
                    "llama-yarn-F32",
                    "gemma3-Q4_0",
                    "bert-Q4_0",
                    "phi3-longrope-F32",
                    "gptneox-Q4_0",
                    "nomic-bert-Q8_0",
                    "mixtral-Q4_0",
                    "mamba-F32"
                }) {
            damage(name, GoldenModel.open(name, folder).file(), CASES / 10);
        }
    }

    @Test
    void damagedHeadersOfFurtherFamiliesAreClearProblems() throws IOException {
        List<String> names = TransformersFixture.names();
        for (String name : names) {
            Path source = TransformersFixture.open(name).write(folder.resolve(name));
            Path file = folder.resolve(name + ".gguf");
            ModelConverter.toGguf(
                    source, file, ConversionOptions.defaults().threads(1), Quantizer.Progress.NONE);
            damage(name, file, CASES / names.size());
        }
    }

    private static void damage(String name, Path file, int cases) throws IOException {
        byte[] good = Files.readAllBytes(file);
        int header = headerEnd(good);
        for (int seed = 0; seed < cases; seed++) {
            Random random = new Random(seed);
            byte[] bad = good.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                mutate(bad, header, random);
            }
            tryOut(name, seed, bad);
        }
    }

    /// Everything before the tensors' data, roughly.
    private static int headerEnd(byte[] file) {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        return text.lastIndexOf("blk.") + 64;
    }

    private static void mutate(byte[] file, int header, Random random) {
        int at = random.nextInt(header);
        switch (random.nextInt(4)) {
            case 0 -> file[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> file[at] = (byte) random.nextInt(256);
            case 2 -> {
                for (int i = at; i < Math.min(header, at + 4); i++) {
                    file[i] = (byte) 0xFF;
                }
            }
            default -> {
                for (int i = at; i < Math.min(header, at + 4); i++) {
                    file[i] = 0;
                }
            }
        }
    }

    private static void tryOut(String name, int seed, byte[] bad) throws IOException {
        Path file = Files.createTempFile(folder, "bad", ".gguf");
        Files.write(file, bad);
        try (Llm llm = Llm.load(file, SMALL)) {
            if (llm.ranks()) {
                llm.rank("a", "b");
            } else if (llm.info().generates()) {
                llm.generate(new int[] {5, 6}, Generation.defaults().maxTokens(2).seed(1)).text();
            } else {
                llm.embed(new int[] {5, 6});
            }
        } catch (LlmException e) {
            assertThat(e.code())
                    .as("%s, seed %d: %s", name, seed, e.getMessage())
                    .isNotIn(LlmException.Code.INTERNAL);
        } catch (FormatException e) {
            assertThat(e.getMessage()).isNotEmpty();
        } catch (Throwable e) {
            throw new AssertionError(name + ", seed " + seed, e);
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void aMissingFileSaysSo() {
        assertThatThrownBy(() -> Llm.load(folder.resolve("none.gguf")))
                .isInstanceOf(LlmException.class)
                .hasMessageContaining("none.gguf");
    }

    @Test
    void anUnknownArchitectureListsTheKnownOnes() throws IOException {
        byte[] bytes = Files.readAllBytes(GoldenModel.open("llama-F32", folder).file());
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Path file = folder.resolve("unknown.gguf");
        Files.write(
                file, text.replaceFirst("llama", "alpac").getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Llm.load(file))
                .isInstanceOf(LlmException.class)
                .hasMessageContaining("\"alpac\" is not known; known are bert, bloom, chatglm");
    }
}
