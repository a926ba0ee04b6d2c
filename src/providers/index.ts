import {command} from './command.ts';
import type {Provider} from './provider.ts';
import {scripted} from './scripted/provider.ts';

const providers: readonly Provider[] = [command, scripted];

/** Names of the providers that can be registered. */
export const providerNames: readonly string[] = providers.map(provider => provider.name);

/** The provider of that name; null when there is none. */
export function findProvider(name: string): Provider | null {
	return providers.find(provider => provider.name === name) ?? null;
}
