package dev.jebena.tokenizers.internal;

import java.lang.Character.UnicodeScript;

/// Cuts where the script changes, with Han, Hiragana and Katakana as one and spaces as part of
/// either. What lies before the first character that has a script is left out, as in Hugging Face
/// tokenizers.
final class ScriptSplitter implements Splitter {
    private static final int PROLONGED_SOUND = 0x30FC;

    @Override
    public void split(Text text, int from, int to, Pieces sink) {
        UnicodeScript last = null;
        int piece = -1;
        int at = from;
        while (at < to) {
            UnicodeScript script = script(CodePoints.at(text.bytes, at));
            if (script != UnicodeScript.UNKNOWN && script != last) {
                if (piece >= 0) {
                    sink.piece(text, piece, at);
                }
                piece = at;
            }
            last = script == UnicodeScript.UNKNOWN ? last : script;
            at += CodePoints.length(text.bytes[at]);
        }
        if (piece >= 0) {
            sink.piece(text, piece, to);
        }
    }

    private static UnicodeScript script(int c) {
        if (c == ' ') {
            return UnicodeScript.UNKNOWN;
        }
        UnicodeScript script = UnicodeScript.of(c);
        boolean japanese =
                script == UnicodeScript.HIRAGANA
                        || script == UnicodeScript.KATAKANA
                        || c == PROLONGED_SOUND;
        return japanese ? UnicodeScript.HAN : script;
    }
}
