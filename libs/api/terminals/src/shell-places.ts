/** Where a shell of an instance starts, and with what. */
export interface ShellPlan {
  readonly cwd: string;
  /** The whole environment; `AIKORE_ENVIRONMENT` is the folder that terminal.bashrc activates. */
  readonly env: Readonly<Record<string, string>>;
}

/** Knows the folders and environments of the instances. The application provides it from where instances are known. */
export abstract class ShellPlaces {
  /**
   * Make the folder of an instance ready for a shell.
   *
   * @throws AppError with a sentence: no such instance, or no folder to start in
   */
  abstract plan(instanceId: number): Promise<ShellPlan>;
}
