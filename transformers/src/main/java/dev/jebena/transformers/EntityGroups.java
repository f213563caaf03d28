package dev.jebena.transformers;

import dev.jebena.tokenizers.Encoding;
import dev.jebena.transformers.TokenClassification.Aggregation;
import dev.jebena.transformers.TokenClassification.Entity;
import java.util.ArrayList;
import java.util.List;

/// Puts tokens together to words, and words to entities.
final class EntityGroups {
    private final TextReader reader;
    private final List<String> labels;
    private final boolean marksContinuations;
    private final int unknown;

    /// @param word its spelling in the vocabulary, or as in the text if it is not known
    /// @param continues whether it goes on with a word
    private record Piece(
            String word, float[] scores, int index, int start, int end, boolean continues) {
        float best() {
            return scores[Scores.highest(scores)];
        }
    }

    EntityGroups(TextReader reader, List<String> labels) {
        this.reader = reader;
        this.labels = labels;
        this.marksContinuations = !reader.continuation().isEmpty();
        this.unknown = reader.unknown().orElse(-1);
    }

    /// @param scores of all classes for each token
    List<Entity> of(String text, Encoding encoding, float[][] scores, Aggregation aggregation) {
        List<Piece> pieces = pieces(text, encoding, scores);
        if (aggregation == Aggregation.NONE) {
            return pieces.stream().map(this::alone).toList();
        }
        return grouped(
                aggregation == Aggregation.SIMPLE
                        ? pieces.stream().map(this::alone).toList()
                        : words(pieces, aggregation));
    }

    private List<Piece> pieces(String text, Encoding encoding, float[][] scores) {
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < encoding.size(); i++) {
            if (encoding.specialTokensMask()[i] != 0) {
                continue;
            }
            int start = encoding.starts()[i];
            int end = encoding.ends()[i];
            String word = reader.tokenizer().token(encoding.ids()[i]);
            String shown = text.substring(start, end);
            boolean continues =
                    marksContinuations
                            ? word.codePointCount(0, word.length())
                                    != shown.codePointCount(0, shown.length())
                            : start > 0
                                    && !text.substring(
                                                    start - 1, Math.min(start + 1, text.length()))
                                            .contains(" ");
            boolean isUnknown = encoding.ids()[i] == unknown;
            pieces.add(
                    new Piece(
                            isUnknown ? shown : word,
                            scores[i],
                            i,
                            start,
                            end,
                            continues && !isUnknown));
        }
        return pieces;
    }

    private Entity alone(Piece piece) {
        int best = Scores.highest(piece.scores);
        return new Entity(
                labels.get(best),
                piece.scores[best],
                piece.index,
                piece.word,
                piece.start,
                piece.end);
    }

    private List<Entity> words(List<Piece> pieces, Aggregation aggregation) {
        List<Entity> words = new ArrayList<>();
        List<Piece> word = new ArrayList<>();
        for (Piece piece : pieces) {
            if (!word.isEmpty() && !piece.continues) {
                words.add(word(word, aggregation));
                word.clear();
            }
            word.add(piece);
        }
        if (!word.isEmpty()) {
            words.add(word(word, aggregation));
        }
        return words;
    }

    private Entity word(List<Piece> pieces, Aggregation aggregation) {
        float[] scores =
                switch (aggregation) {
                    case AVERAGE -> average(pieces);
                    case MAX -> surest(pieces).scores;
                    case FIRST, NONE, SIMPLE -> pieces.getFirst().scores;
                };
        int best = Scores.highest(scores);
        String text = reader.tokenizer().join(pieces.stream().map(Piece::word).toList());
        return new Entity(
                labels.get(best),
                scores[best],
                pieces.getFirst().index,
                text,
                pieces.getFirst().start,
                pieces.getLast().end);
    }

    private static Piece surest(List<Piece> pieces) {
        Piece surest = pieces.getFirst();
        for (Piece piece : pieces) {
            surest = piece.best() > surest.best() ? piece : surest;
        }
        return surest;
    }

    private static float[] average(List<Piece> pieces) {
        float[] sum = new float[pieces.getFirst().scores.length];
        for (Piece piece : pieces) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += piece.scores[i];
            }
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] /= pieces.size();
        }
        return sum;
    }

    /// Neighbours of one class, unless the second begins an entity.
    private List<Entity> grouped(List<Entity> entities) {
        List<Entity> groups = new ArrayList<>();
        List<Entity> group = new ArrayList<>();
        for (Entity entity : entities) {
            boolean goesOn =
                    !group.isEmpty()
                            && kind(entity.label()).equals(kind(group.getLast().label()))
                            && !entity.label().startsWith("B-");
            if (!goesOn && !group.isEmpty()) {
                groups.add(group(group));
                group.clear();
            }
            group.add(entity);
        }
        if (!group.isEmpty()) {
            groups.add(group(group));
        }
        return groups;
    }

    private static String kind(String label) {
        return label.startsWith("B-") || label.startsWith("I-") ? label.substring(2) : label;
    }

    private Entity group(List<Entity> entities) {
        double sum = 0;
        for (Entity entity : entities) {
            sum += entity.score();
        }
        String label = entities.getFirst().label();
        return new Entity(
                label.substring(label.indexOf('-') + 1),
                (float) (sum / entities.size()),
                -1,
                reader.tokenizer().join(entities.stream().map(Entity::word).toList()),
                entities.getFirst().start(),
                entities.getLast().end());
    }
}
