package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.TokenizerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a SentencePiece model (`tokenizer.model`) says; the defaults are those of its schema,
/// `sentencepiece_model.proto`.
final class SentencePieceFile {
    static final int UNIGRAM = 1;
    static final int BYTE_PAIRS = 2;
    static final int WORDS = 3;
    static final int CHARACTERS = 4;

    private static final long LARGEST = 64L << 20;

    final String place;
    final List<String> pieces = new ArrayList<>();
    final Ids types = new Ids(1024);
    float[] scores = new float[1024];

    int modelType = UNIGRAM;
    boolean byteFallback;
    boolean spaceAsSuffix;
    int unknown;
    int bos = 1;
    int eos = 2;
    String unknownSurface = " \u2047 ";

    byte[] characterMap = new byte[0];
    boolean dummyPrefix = true;
    boolean mergeSpaces = true;
    boolean marks = true;

    private SentencePieceFile(String place) {
        this.place = place;
    }

    static SentencePieceFile read(Path path) {
        try {
            if (Files.size(path) > LARGEST) {
                throw new TokenizerException(path + ": larger than " + (LARGEST >> 20) + " MiB");
            }
            byte[] data = Files.readAllBytes(path);
            SentencePieceFile file = new SentencePieceFile(path.toString());
            file.model(new ProtoReader(data, 0, data.length, path.toString()));
            return file;
        } catch (NoSuchFileException e) {
            throw new TokenizerException(path + ": there is no such file", e);
        } catch (IOException e) {
            throw new TokenizerException(path + ": cannot be read: " + e, e);
        }
    }

    private void model(ProtoReader in) {
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> piece(in.message());
                case 2 -> trainer(in.message());
                case 3 -> normalizer(in.message());
                default -> {}
            }
        }
        if (pieces.isEmpty()) {
            throw new TokenizerException(place + ": not a SentencePiece model: it has no pieces");
        }
    }

    private void piece(ProtoReader in) {
        String text = "";
        float score = 0;
        int type = GgufTokenTypes.NORMAL;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> text = in.string();
                case 2 -> score = in.real();
                case 3 -> type = in.integer();
                default -> {}
            }
        }
        if (pieces.size() == Vocabulary.MAX_SIZE - 1) {
            throw new TokenizerException(place + ": more than " + pieces.size() + " pieces");
        }
        if (pieces.size() == scores.length) {
            scores = Arrays.copyOf(scores, 2 * scores.length);
        }
        scores[pieces.size()] = score;
        pieces.add(text);
        types.add(type);
    }

    private void trainer(ProtoReader in) {
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 3 -> modelType = in.integer();
                case 24 -> spaceAsSuffix = in.flag();
                case 35 -> byteFallback = in.flag();
                case 40 -> unknown = in.integer();
                case 41 -> bos = in.integer();
                case 42 -> eos = in.integer();
                case 44 -> unknownSurface = in.string();
                default -> {}
            }
        }
    }

    private void normalizer(ProtoReader in) {
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 2 -> characterMap = in.bytes();
                case 3 -> dummyPrefix = in.flag();
                case 4 -> mergeSpaces = in.flag();
                case 5 -> marks = in.flag();
                default -> {}
            }
        }
    }
}
