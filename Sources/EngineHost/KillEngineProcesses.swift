/// Kills every child process of this process's engines, with all that they started; none can be started afterwards.
///
/// For a process that is about to end at once, by `_exit` or a signal: a child that hangs does not see the end of its
/// input. A process that calls `exit` need not call this.
public func killEngineProcesses() {
    LiveChildren.shared.killAll()
}
