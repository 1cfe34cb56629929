import * as z from 'zod/mini';
import { noBody, noParameters, operation } from '../operation.ts';

export const getOpenApi = operation({
  id: 'getOpenApi',
  method: 'GET',
  path: '/openapi.json',
  tag: 'This document',
  summary: 'Read this document',
  parameters: noParameters,
  body: noBody,
  answers: { 200: { description: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.string() }) } },
  problems: [],
  isOpen: true,
});
