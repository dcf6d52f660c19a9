internal import Conformance

/// What became of a child process instead of an answer.
enum EngineFailure: Error, Hashable {
    case crash(String)
    case error(String)
    case timeout(String)

    var answer: EngineAnswer {
        switch self {
        case .crash(let text): .crash(text)
        case .error(let text): .error(text)
        case .timeout(let text): .timeout(text)
        }
    }

    var text: String {
        switch self {
        case .crash(let text), .error(let text), .timeout(let text): text
        }
    }
}
