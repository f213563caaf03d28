package dev.jebena.testkit;

import dev.jebena.tokenizers.Detokenizer;
import dev.jebena.tokenizers.EncodeOptions;
import dev.jebena.tokenizers.Encoding;
import dev.jebena.tokenizers.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One id for each byte, and a few special tokens after them.
public final class FakeTokenizer implements Tokenizer {
    private static final List<String> SPECIAL =
            List.of("<s>", "</s>", "<|prefix|>", "<|suffix|>", "<|middle|>");

    private final boolean fillsIn;

    public FakeTokenizer() {
        this(true);
    }

    /// @param fillsIn whether the tokens for fill-in-the-middle are told
    FakeTokenizer(boolean fillsIn) {
        this.fillsIn = fillsIn;
    }

    @Override
    public int[] encode(String text, boolean addSpecial, boolean parseSpecial) {
        IntStream.Builder ids = IntStream.builder();
        if (addSpecial) {
            ids.add(256);
        }
        int from = 0;
        while (from < text.length()) {
            int special = parseSpecial ? specialAt(text, from) : -1;
            if (special >= 0) {
                ids.add(256 + special);
                from += SPECIAL.get(special).length();
            } else {
                int end = text.offsetByCodePoints(from, 1);
                for (byte b : text.substring(from, end).getBytes(StandardCharsets.UTF_8)) {
                    ids.add(b & 0xFF);
                }
                from = end;
            }
        }
        return ids.build().toArray();
    }

    /// Without spans: all tokens stand for the whole text.
    @Override
    public Encoding encode(String text, @Nullable String pair, EncodeOptions options) {
        String all = pair == null ? text : text + pair;
        int[] ids = encode(all, options.addSpecial(), options.parseSpecial());
        int[] none = new int[ids.length];
        int[] ends = none.clone();
        Arrays.fill(ends, all.length());
        int[] attention = none.clone();
        Arrays.fill(attention, 1);
        return new Encoding(ids, none, none, ends, none, none, attention, List.of());
    }

    private static int specialAt(String text, int from) {
        for (int i = 0; i < SPECIAL.size(); i++) {
            if (text.startsWith(SPECIAL.get(i), from)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public String decode(int[] ids, boolean special) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int id : ids) {
            out.writeBytes(bytes(id, special));
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Override
    public String join(List<String> spellings) {
        return String.join("", spellings);
    }

    @Override
    public byte[] bytes(int id, boolean special) {
        if (id < 256) {
            return new byte[] {(byte) id};
        }
        return special ? SPECIAL.get(id - 256).getBytes(StandardCharsets.UTF_8) : new byte[0];
    }

    @Override
    public String token(int id) {
        return id < 256
                ? new String(bytes(id, false), StandardCharsets.ISO_8859_1)
                : SPECIAL.get(id - 256);
    }

    @Override
    public OptionalInt id(String token) {
        int special = SPECIAL.indexOf(token);
        return special >= 0 ? OptionalInt.of(256 + special) : OptionalInt.empty();
    }

    @Override
    public Detokenizer newDetokenizer(boolean special, boolean startOfText) {
        return new Detokenizer() {
            private final ByteArrayOutputStream held = new ByteArrayOutputStream();

            @Override
            public String add(int id) {
                held.writeBytes(bytes(id, special));
                String text = held.toString(StandardCharsets.UTF_8);
                if (text.endsWith("\uFFFD") && held.size() < 4) {
                    return "";
                }
                held.reset();
                return text;
            }

            @Override
            public String flush() {
                String text = held.toString(StandardCharsets.UTF_8);
                held.reset();
                return text;
            }
        };
    }

    @Override
    public int vocabularySize() {
        return 256 + SPECIAL.size();
    }

    @Override
    public OptionalInt bos() {
        return OptionalInt.of(256);
    }

    @Override
    public OptionalInt eos() {
        return OptionalInt.of(257);
    }

    @Override
    public boolean endsGeneration(int id) {
        return id == 257;
    }

    @Override
    public boolean isSpecial(int id) {
        return id >= 256;
    }

    @Override
    public boolean addsBos() {
        return true;
    }

    @Override
    public @Nullable FillInTheMiddle fillInTheMiddle() {
        return fillsIn ? new FillInTheMiddle(258, 259, 260) : null;
    }
}
