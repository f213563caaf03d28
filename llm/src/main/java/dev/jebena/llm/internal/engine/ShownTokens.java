package dev.jebena.llm.internal.engine;

import dev.jebena.llm.Token;
import dev.jebena.llm.internal.sampling.AnswerText;
import dev.jebena.llm.internal.sampling.Choice;
import java.util.ArrayDeque;

/// Hands tokens to the reader once it is known that they are part of the answer: a token that may
/// belong to a stop string, or holds a part of a character, waits for the next ones. So the tokens
/// that a reader gets, with their log-probabilities, spell the answer's text.
final class ShownTokens {
    /// @param length characters that came with it
    private record Waiting(Choice choice, int length) {}

    private final AnswerText text;
    private final StreamingAnswer answer;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    /// Characters of the token delivered last that are still held back.
    private int leftOver;

    ShownTokens(AnswerText text, StreamingAnswer answer) {
        this.text = text;
        this.answer = answer;
    }

    /// Takes the next token of the answer.
    ///
    /// @param mayStop whether a stop string ends the answer already
    /// @param last whether no further one follows
    void add(Choice choice, boolean mayStop, boolean last) {
        answer.count();
        String shown = text.add(choice.id(), mayStop);
        waiting.add(new Waiting(choice, text.added()));
        if (last && text.stopString() == null) {
            shown += text.end();
        }
        if (text.stopString() != null) {
            dropCut();
        }
        boolean open = text.holds() || text.added() == 0;
        release(shown, last || text.stopString() != null || !open);
    }

    /// The answer ended with a token that is not part of it.
    void end() {
        String rest = text.end();
        if (text.stopString() != null) {
            dropCut();
        }
        release(rest, true);
    }

    /// Forgets the newest tokens that lie wholly in what was cut off.
    private void dropCut() {
        int cut = text.cut();
        while (!waiting.isEmpty() && waiting.getLast().length() <= cut) {
            cut -= waiting.removeLast().length();
        }
    }

    /// Delivers the tokens that `shown` spells, or all of them.
    private void release(String shown, boolean all) {
        int at = Math.min(leftOver, shown.length());
        leftOver -= at;
        String before = shown.substring(0, at);
        while (!waiting.isEmpty() && (all || at < shown.length())) {
            Waiting token = waiting.removeFirst();
            boolean takesRest = all && waiting.isEmpty();
            int end = takesRest ? shown.length() : Math.min(at + token.length(), shown.length());
            leftOver = Math.max(0, at + token.length() - end);
            Choice choice = token.choice();
            String own = before + shown.substring(at, end);
            answer.deliver(new Token(choice.id(), own, choice.logprob(), choice.top()));
            before = "";
            at = end;
        }
        String rest = before + shown.substring(at);
        if (!rest.isEmpty()) {
            answer.deliver(Token.ofText(rest));
        }
    }
}
