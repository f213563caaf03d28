package dev.jebena.serving;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpHandler;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import dev.jebena.tokenizers.Tokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Texts to tokens and back. One path serves three protocols; the body tells which: `content` is
/// llama.cpp's (and LocalAI's), `prompt` or `messages` vLLM's, `inputs` Hugging Face's.
final class TokenizeRoutes {
    private final ModelAccess models;

    private TokenizeRoutes(ModelAccess models) {
        this.models = models;
    }

    static void register(Router router, ModelAccess models) {
        TokenizeRoutes routes = new TokenizeRoutes(models);
        HttpHandler tokenize = EngineErrors.translating(routes::tokenize);
        router.post("/tokenize", tokenize)
                .post("/v1/tokenize", tokenize)
                .post("/detokenize", EngineErrors.translating(routes::detokenize))
                .post("/decode", EngineErrors.translating(routes::decode))
                .errors("/tokenize", LlamaCppRoutes::error)
                .errors("/detokenize", LlamaCppRoutes::error)
                .errors("/decode", TgiRoutes::error);
    }

    private void tokenize(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        try (ModelLease lease = models.open(request.string("model"))) {
            Object reply =
                    request.has("prompt") || request.has("messages")
                            ? vllm(request, lease)
                            : request.has("inputs")
                                    ? huggingFace(request, lease.llm().tokenizer())
                                    : llamaCpp(request, lease.llm().tokenizer());
            exchange.json(200, reply);
        }
    }

    private static Object llamaCpp(RequestFields request, Tokenizer tokenizer) {
        String content = request.required("content");
        boolean special = request.flag("add_special", false);
        boolean parse = request.flag("parse_special", true);
        int[] ids = tokenizer.encode(content, special, parse);
        if (!request.flag("with_pieces", false)) {
            return HttpJson.object("tokens", ids);
        }
        List<Object> tokens = new ArrayList<>();
        for (int id : ids) {
            tokens.add(HttpJson.object("id", id, "piece", piece(tokenizer.bytes(id, true))));
        }
        return HttpJson.object("tokens", tokens);
    }

    /// The text of a token, or its bytes where they are no text by themselves.
    private static Object piece(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException _) {
            List<Integer> values = new ArrayList<>();
            for (byte b : bytes) {
                values.add(b & 0xFF);
            }
            return values;
        }
    }

    private static Object vllm(RequestFields request, ModelLease lease) {
        Tokenizer tokenizer = lease.llm().tokenizer();
        int[] ids;
        if (request.has("messages")) {
            Map<String, @Nullable Object> variables = new LinkedHashMap<>();
            variables.put("add_generation_prompt", request.flag("add_generation_prompt", true));
            RequestFields more = request.object("chat_template_kwargs");
            if (more != null) {
                variables.putAll(more.values());
            }
            String prompt =
                    ChatPrompt.of(
                            ModelAccess.checked(lease),
                            ChatMessages.of(request),
                            RequestTools.of(request),
                            variables);
            // The template has written the special tokens.
            ids = tokenizer.encode(prompt, request.flag("add_special_tokens", false), true);
        } else {
            boolean special = request.flag("add_special_tokens", true);
            ids = tokenizer.encode(request.required("prompt"), special, true);
        }
        List<String> spellings = null;
        if (request.flag("return_token_strs", false)) {
            spellings = new ArrayList<>();
            for (int id : ids) {
                spellings.add(tokenizer.token(id));
            }
        }
        return HttpJson.object(
                "count",
                ids.length,
                "max_model_len",
                lease.llm().contextLength(),
                "tokens",
                ids,
                "token_strs",
                spellings);
    }

    /// A list for each text, as TEI answers; its reading of `inputs` is TGI's too.
    private static Object huggingFace(RequestFields request, Tokenizer tokenizer) {
        List<String> texts = request.strings("inputs");
        boolean special = request.flag("add_special_tokens", true);
        List<Object> lists = new ArrayList<>();
        for (String text : texts == null ? List.<String>of() : texts) {
            lists.add(placed(text, tokenizer.encode(text, special, true), tokenizer));
        }
        return lists;
    }

    /// The tokens with the place of each in the text; null for a special token, and where the
    /// vocabulary spells the text in its own way.
    private static List<Object> placed(String text, int[] ids, Tokenizer tokenizer) {
        List<Object> tokens = new ArrayList<>();
        int at = 0;
        for (int id : ids) {
            boolean special = tokenizer.isSpecial(id);
            String piece = new String(tokenizer.bytes(id, true), StandardCharsets.UTF_8);
            int skipped = piece.length() - piece.stripLeading().length();
            // A vocabulary may put a space before the text, or leave out those between words.
            boolean literal = !special && text.startsWith(piece, at);
            String found = literal ? piece : piece.substring(skipped);
            int start = at;
            while (!literal
                    && start < text.length()
                    && Character.isWhitespace(text.charAt(start))) {
                start++;
            }
            boolean known =
                    !special
                            && !found.isEmpty()
                            && text.regionMatches(true, start, found, 0, found.length());
            int end = start + found.length();
            at = known ? end : at;
            tokens.add(
                    HttpJson.object(
                            "id", id,
                            "text", piece,
                            "special", special,
                            "start", known ? start : null,
                            "stop", known ? end : null));
        }
        return tokens;
    }

    /// llama.cpp reads `content` in the reply and vLLM `prompt`; their requests are the same.
    private void detokenize(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        List<@Nullable Object> tokens = request.list("tokens");
        if (tokens == null) {
            throw request.invalid("tokens", "missing");
        }
        try (ModelLease lease = models.open(request.string("model"))) {
            Tokenizer tokenizer = lease.llm().tokenizer();
            int[] ids = request.ids("tokens", tokens, tokenizer.vocabularySize());
            String text = tokenizer.decode(ids, true);
            exchange.json(200, HttpJson.object("content", text, "prompt", text));
        }
    }

    /// TEI's: `ids` is a list of token ids or a list of such lists.
    private void decode(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        List<@Nullable Object> ids = request.list("ids");
        if (ids == null || ids.isEmpty()) {
            throw request.invalid("ids", "expected token ids");
        }
        boolean special = !request.flag("skip_special_tokens", true);
        try (ModelLease lease = models.open(request.string("model"))) {
            Tokenizer tokenizer = lease.llm().tokenizer();
            List<List<?>> lists = new ArrayList<>();
            for (Object element : ids) {
                if (element instanceof List<?> list) {
                    lists.add(list);
                }
            }
            if (lists.isEmpty()) {
                lists.add(ids);
            } else if (lists.size() != ids.size()) {
                throw request.invalid("ids", "expected token ids, or lists of them");
            }
            List<String> texts = new ArrayList<>();
            for (List<?> list : lists) {
                int[] some = request.ids("ids", list, tokenizer.vocabularySize());
                texts.add(tokenizer.decode(some, special));
            }
            exchange.json(200, texts);
        }
    }
}
