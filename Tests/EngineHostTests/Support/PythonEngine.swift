import EngineHost

/// Children in Python, without numpy: a few lines on top of a small vocabulary.
enum PythonEngine {
    /// A program that runs `body` after the vocabulary.
    static func command(_ body: String) -> EngineCommand {
        EngineCommand(words: ["/usr/bin/python3", "-I", "-S", "-c", vocabulary + body])
    }

    /// A program that greets, multiplies 1x1x1x1 tensors, and does `fault` where the input is ``Requests/faulty``.
    static func command(fault: String) -> EngineCommand {
        let fault = fault.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n        ")
        return command(
            """
            greet()
            while True:
                message, tensors = request()
                if tensors[0] == struct.pack("<f", 13):
                    \(fault)
                else:
                    result(message, product(tensors))
            """)
    }

    private static let vocabulary = """
        import json, os, signal, struct, subprocess, sys, time

        source, sink = sys.stdin.buffer, sys.stdout.buffer

        def say(message, raw=b""):
            sink.write(json.dumps(message).encode() + b"\\n" + raw)
            sink.flush()

        def log(text):
            print(text, file=sys.stderr, flush=True)

        def hear():
            line = source.readline()
            if not line:
                sys.exit(0)
            return json.loads(line)

        def greet(**more):
            hear()
            say({"type": "hello", "protocol": 1, "engine": {"name": "child", "version": "2.0"}} | more)

        def size(tensor):
            bytes = {"float64": 8, "float16": 2, "bfloat16": 2, "int8": 1, "uint8": 1}.get(tensor["dtype"], 4)
            for extent in tensor["shape"]:
                bytes *= extent
            return bytes

        def request():
            message = hear()
            return message, [source.read(size(tensor)) for tensor in message["tensors"]]

        def product(tensors):
            return struct.pack("<f", struct.unpack("<f", tensors[0])[0] * struct.unpack("<f", tensors[1])[0])

        def result(message, raw, **tensor):
            output = {"name": "output", "dtype": "float32", "shape": [1, 1, 1, 1]} | tensor
            say({"type": "result", "id": message["id"], "tensors": [output]}, raw)


        """
}
