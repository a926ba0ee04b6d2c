import {claude} from './claude.ts';
import {codex} from './codex.ts';
import {command} from './command.ts';
import {gemini} from './gemini.ts';
import type {Provider} from './provider.ts';
import {scripted} from './scripted/provider.ts';

const providers: readonly Provider[] = [claude, codex, gemini, command, scripted];

/** Names of the providers that can be registered. */
export const providerNames: readonly string[] = providers.map(provider => provider.name);

/** The provider with this name; null when there is none. */
export function findProvider(name: string): Provider | null {
	return providers.find(provider => provider.name === name) ?? null;
}

/** The name of the provider that a model's name implies; null when it implies none. */
export function providerOfModel(model: string): string | null {
	if (/^(claude|opus|sonnet|haiku)/i.test(model)) return claude.name;
	if (/^(gpt|codex|o\d)/i.test(model)) return codex.name;
	return /^gemini/i.test(model) ? gemini.name : null;
}
