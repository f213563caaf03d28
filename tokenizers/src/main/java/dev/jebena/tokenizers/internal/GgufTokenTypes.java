package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.Tokenizer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// What kind of token each id of a GGUF vocabulary is, corrected where published files are known to
/// be wrong, and the roles of its special tokens.
final class GgufTokenTypes {
    static final int NORMAL = 1;
    static final int UNKNOWN = 2;
    static final int CONTROL = 3;
    static final int USER_DEFINED = 4;
    static final int UNUSED = 5;
    static final int BYTE = 6;

    private final GgufMetadata metadata;
    private final Vocabulary vocabulary;
    private final byte[] types;
    private final BitSet control = new BitSet();
    private final BitSet ends = new BitSet();
    private final OptionalInt eos;

    /// @param defaultEos id of the end-of-text token where the file names none, or -1
    GgufTokenTypes(GgufMetadata metadata, Vocabulary vocabulary, int defaultEos) {
        this.metadata = metadata;
        this.vocabulary = vocabulary;
        this.types = types(metadata, vocabulary.size());
        this.eos = id("eos_token_id", defaultEos);
        collectEnds();
        for (int id = 0; id < types.length; id++) {
            if (types[id] == CONTROL || types[id] == UNKNOWN) {
                control.set(id);
            }
        }
    }

    private static byte[] types(GgufMetadata metadata, int size) {
        byte[] types = new byte[size];
        int[] stored = metadata.integers("token_type", size);
        for (int id = 0; id < size; id++) {
            int type = stored == null ? NORMAL : stored[id];
            types[id] = (byte) (type >= NORMAL && type <= BYTE ? type : 0);
        }
        return types;
    }

    /// The id under `key`, else `otherwise` when that is in the vocabulary.
    OptionalInt id(String key, int otherwise) {
        OptionalInt id = metadata.id(key, vocabulary.size());
        if (id.isPresent()) {
            return id;
        }
        return otherwise >= 0 && otherwise < vocabulary.size()
                ? OptionalInt.of(otherwise)
                : OptionalInt.empty();
    }

    private void collectEnds() {
        for (String spelling : KnownTokens.ENDS) {
            int id = vocabulary.find(spelling);
            if (id >= 0) {
                types[id] = CONTROL;
                ends.set(id);
            }
        }
        for (String spelling : KnownTokens.FILE_ENDS) {
            int id = vocabulary.find(spelling);
            if (id >= 0) {
                types[id] = CONTROL;
                ends.set(id);
            }
        }
        for (String key :
                List.of(
                        "eos_token_id",
                        "eot_token_id",
                        "eom_token_id",
                        "fim_pad_token_id",
                        "fim_rep_token_id",
                        "fim_sep_token_id")) {
            metadata.id(key, types.length).ifPresent(ends::set);
        }
        eos.ifPresent(ends::set);
        for (String spelling : KnownTokens.SHOWN) {
            int id = vocabulary.find(spelling);
            if (id >= 0) {
                types[id] = USER_DEFINED;
            }
        }
        exceptions();
    }

    // In the Harmony format <|end|> ends a part of an answer; in Gemma 4 </s> is ordinary text.
    private void exceptions() {
        boolean call = has("<|call|>") || has("<|calls|>");
        if (call && (has("<|return|>") || has("<|flush|>")) && has("<|end|>")) {
            reclassify("<|end|>", USER_DEFINED);
        }
        if ((has("<|tool_response>") || has("<|plamo:eos|>")) && has("</s>")) {
            reclassify("</s>", NORMAL);
        }
    }

    private boolean has(String spelling) {
        int id = vocabulary.find(spelling);
        return id >= 0 && ends.get(id);
    }

    private void reclassify(String spelling, int type) {
        int id = vocabulary.find(spelling);
        ends.clear(id);
        types[id] = (byte) type;
    }

    int type(int id) {
        return types[id];
    }

    Specials specials(OptionalInt bos) {
        return new Specials(bos, eos, control, ends, fillInTheMiddle());
    }

    private Tokenizer.@Nullable FillInTheMiddle fillInTheMiddle() {
        int prefix = role("fim_pre_token_id", "prefix_token_id", KnownTokens.PREFIX);
        int suffix = role("fim_suf_token_id", "suffix_token_id", KnownTokens.SUFFIX);
        int middle = role("fim_mid_token_id", "middle_token_id", KnownTokens.MIDDLE);
        return prefix < 0 || suffix < 0 || middle < 0
                ? null
                : new Tokenizer.FillInTheMiddle(prefix, suffix, middle);
    }

    private int role(String key, String oldKey, List<String> spellings) {
        OptionalInt stated = id(key, id(oldKey, -1).orElse(-1));
        if (stated.isPresent()) {
            return stated.getAsInt();
        }
        for (String spelling : spellings) {
            int id = vocabulary.find(spelling);
            if (id >= 0) {
                types[id] = CONTROL;
                control.set(id);
                return id;
            }
        }
        return -1;
    }

    /// The tokens that are found in text before it is split into words.
    AddedTokens addedTokens() {
        return new AddedTokens(tokens(), true);
    }

    List<AddedTokens.Token> tokens() {
        boolean phi3 =
                metadata.modelName().contains("phi-3") || metadata.modelName().contains("phi3");
        List<AddedTokens.Token> tokens = new ArrayList<>();
        for (int id = 0; id < types.length; id++) {
            boolean special = types[id] == CONTROL || types[id] == UNKNOWN;
            if (special || types[id] == USER_DEFINED) {
                String spelling = vocabulary.spelling(id);
                boolean stripRight = phi3 && stripsRight(spelling);
                byte[] text = Utf8.bytes(spelling);
                tokens.add(new AddedTokens.Token(id, text, special, false, stripRight, false));
            }
        }
        return tokens;
    }

    /// The tokens of the user's alone, which normalization leaves as they are.
    AddedTokens userDefined() {
        List<AddedTokens.Token> tokens = new ArrayList<>();
        for (int id = 0; id < types.length; id++) {
            if (types[id] == USER_DEFINED) {
                byte[] text = Utf8.bytes(vocabulary.spelling(id));
                tokens.add(new AddedTokens.Token(id, text, false, false, false, false));
            }
        }
        return new AddedTokens(tokens, false);
    }

    // GGUF files do not carry this flag, and the Phi-3 models need it.
    private static boolean stripsRight(String spelling) {
        return switch (spelling) {
            case "<unk>", "<s>", "<|endoftext|>" -> false;
            default -> true;
        };
    }
}
