package dev.jebena.serving;

import java.util.ArrayList;
import java.util.List;

/// What of an answer's tool calls a stream has sent.
final class SentCalls {
    /// What comes next of one call.
    ///
    /// @param begins whether it is the call's first piece, which tells its name; its arguments come
    ///   with the next ones
    record Piece(int index, String name, String arguments, boolean begins) {}

    private final List<Integer> lengths = new ArrayList<>();

    /// What is new since this was asked last.
    List<Piece> fresh(AnswerText text) {
        List<Piece> pieces = new ArrayList<>();
        List<AnswerText.Call> calls = text.begun();
        for (int i = 0; i < calls.size(); i++) {
            AnswerText.Call call = calls.get(i);
            if (i == lengths.size()) {
                pieces.add(new Piece(i, call.name(), "", true));
                lengths.add(0);
            }
            if (call.arguments().length() > lengths.get(i)) {
                String more = call.arguments().substring(lengths.get(i));
                pieces.add(new Piece(i, call.name(), more, false));
                lengths.set(i, call.arguments().length());
            }
        }
        return pieces;
    }

    /// Calls that have begun.
    int count() {
        return lengths.size();
    }
}
