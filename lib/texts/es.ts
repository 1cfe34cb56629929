import type { OrderTexts } from './order-text.ts';
import { sentences } from './order-text.ts';

export const es: OrderTexts = {
  pending: (order) =>
    sentences(
      `¡Gracias por su pedido ${order.number}!`,
      order.total && `Importe total: ${order.total}.`,
      'Le escribiremos en cuanto recibamos el pago.',
    ),
  payment_failed: (order) =>
    sentences(
      `Lamentablemente, no se ha podido completar el pago de su pedido ${order.number}.`,
      'Puede volver a intentarlo desde su cuenta y, si necesita ayuda, escríbanos aquí.',
    ),
  on_hold: (order) =>
    sentences(
      `Su pedido ${order.number} está en espera por el momento.`,
      'Le escribiremos aquí en cuanto siga adelante.',
    ),
  paid: (order) =>
    sentences(
      `¡Gracias! Hemos recibido el pago de su pedido ${order.number}${order.total ? ` (${order.total})` : ''}.`,
      'Le avisaremos en cuanto lo enviemos.',
    ),
  processing: (order) =>
    sentences(
      `Estamos preparando su pedido ${order.number}.`,
      order.estimatedDelivery && `Entrega prevista: ${order.estimatedDelivery}.`,
    ),
  shipped: (order) =>
    sentences(
      `Buenas noticias: su pedido ${order.number} está en camino${order.carrier ? ` con ${order.carrier}` : ''}.`,
      order.estimatedDelivery && `Entrega prevista: ${order.estimatedDelivery}.`,
      order.trackingNumber && `Número de seguimiento: ${order.trackingNumber}.`,
      order.trackingUrl && `Puede seguir el envío aquí: ${order.trackingUrl}`,
    ),
  delayed: (order) =>
    sentences(
      `Su pedido ${order.number} se está retrasando. Lo sentimos.`,
      order.estimatedDelivery && `Nueva fecha de entrega prevista: ${order.estimatedDelivery}.`,
      order.trackingUrl && `Puede seguirlo aquí: ${order.trackingUrl}`,
    ),
  out_for_delivery: (order) =>
    sentences(
      `Su pedido ${order.number} está en reparto y debería llegar hoy.`,
      order.trackingUrl && `Puede seguirlo aquí: ${order.trackingUrl}`,
    ),
  delivery_failed: (order) =>
    sentences(
      `Lamentablemente, no se ha podido entregar su pedido ${order.number}${order.carrier ? ` (${order.carrier})` : ''}.`,
      'Si podemos ayudarle, escríbanos aquí mismo.',
      order.trackingUrl && `Consulte los próximos pasos: ${order.trackingUrl}`,
    ),
  ready_for_pickup: (order) =>
    sentences(
      `Su pedido ${order.number} está listo para recoger.`,
      order.trackingUrl && `Más detalles: ${order.trackingUrl}`,
    ),
  delivered: (order) =>
    sentences(
      `Su pedido ${order.number} ha sido entregado. ¡Que lo disfrute!`,
      'Si hay algún problema, escríbanos aquí.',
    ),
  cancelled: (order) =>
    sentences(
      `Su pedido ${order.number} ha sido cancelado.`,
      'Si no lo esperaba, respóndanos aquí y lo revisaremos.',
    ),
  returned: (order) =>
    sentences(
      `Hemos recibido su devolución del pedido ${order.number}, gracias.`,
      'Le escribiremos en cuanto se realice el reembolso.',
    ),
  refunded: (order) =>
    sentences(
      `Hemos realizado un reembolso de su pedido ${order.number}.`,
      'Según su banco, aparecerá en su cuenta en unos días.',
    ),
};
