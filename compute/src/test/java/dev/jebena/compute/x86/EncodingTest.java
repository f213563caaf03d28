package dev.jebena.compute.x86;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Every instruction against the bytes of the GNU assembler: `encodings.txt`, which
/// `make_encodings.py` makes. The listing's text is compared as well.
class EncodingTest {
    @Test
    void bytesAndTextAreThoseOfTheGnuAssembler() throws Exception {
        List<String> wrong = new ArrayList<>();
        int lines = 0;
        for (String line : fixture()) {
            int space = line.indexOf(' ');
            String bytes = line.substring(0, space);
            String text = line.substring(space + 1);
            if (!text.startsWith("short ") && !text.startsWith("back ")) {
                check(bytes, text, wrong);
                lines++;
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(lines).isGreaterThan(4000);
    }

    private static void check(String bytes, String text, List<String> wrong) throws Exception {
        // VNNI's dot products take EVEX wherever they may; all else is the same in both.
        boolean evex = bytes.startsWith("62");
        Assembler a = evex ? Assembler.avx512("") : Assembler.avx2("");
        String found = assembled(a.listed(), text);
        if (!found.equals(bytes + " " + text)) {
            wrong.add("%s: not %s, but %s".formatted(text, bytes, found));
        }
        if (!evex && !text.startsWith("vpdp")) {
            String other = assembled(Assembler.avx512("").listed(), text);
            assertThat(other).isEqualTo(found);
        }
    }

    private static String assembled(Assembler a, String text) throws Exception {
        try {
            Line.of(text).assemble(a);
        } catch (ReflectiveOperationException e) {
            return String.valueOf(e.getCause() == null ? e : e.getCause());
        }
        String listed = a.listing().strip().replaceFirst("^0 +\\w+ +", "");
        return HexFormat.of().formatHex(a.finish()) + " " + listed;
    }

    @Test
    void backwardJumpsAreThoseOfTheGnuAssembler() throws IOException {
        for (String line : fixture()) {
            String[] words = line.split(" ");
            if (words[1].equals("short") || words[1].equals("back")) {
                var a = Assembler.avx2("");
                Label top = a.here("top");
                for (int i = 0; i < (words[1].equals("short") ? 1 : 200); i++) {
                    a.code.one(0x90);
                }
                if (words[2].equals("jmp")) {
                    a.jmp(top);
                } else {
                    a.jcc(Condition.valueOf(words[2].substring(1).toUpperCase(Locale.ROOT)), top);
                }
                assertThat(HexFormat.of().formatHex(a.finish())).endsWith(words[0]);
            }
        }
    }

    @Test
    void everyInstructionIsInTheFixture() throws IOException {
        Set<String> missing = new TreeSet<>();
        for (Class<?> group : Instructions.class.getPermittedSubclasses()) {
            for (Method method : group.getDeclaredMethods()) {
                missing.add(method.getName());
            }
        }
        for (Method method : GeneralInstructions.class.getDeclaredMethods()) {
            if (Modifier.isPublic(method.getModifiers())) {
                missing.add(method.getName());
            }
        }
        for (String line : fixture()) {
            String text = line.substring(line.indexOf(' ') + 1);
            missing.remove(text.contains(" j") ? text : Line.of(text).mnemonic());
        }
        assertThat(missing).isEmpty();
    }

    private static List<String> fixture() throws IOException {
        try (InputStream in = EncodingTest.class.getResourceAsStream("encodings.txt")) {
            String all = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
            return all.lines().filter(line -> !line.startsWith("#")).toList();
        }
    }
}
